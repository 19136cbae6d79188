"""The stages in order, for one article and for a stream of them."""
