// Adds a button that copies to each text that is made to be copied. All else works without scripts.
(() => {
    "use strict";
    const said = document.createElement("p");
    said.className = "unseen";
    said.setAttribute("role", "status");

    const select = (text) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        const selection = window.getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
    };

    // The clipboard is only there over https and on this machine itself; the selection can always be copied.
    const copy = async (text) => {
        try {
            await navigator.clipboard.writeText(text.textContent);
            return true;
        } catch {
            select(text);
            return document.execCommand("copy");
        }
    };

    for (const text of document.querySelectorAll("[data-copy]")) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "quiet copy";
        button.textContent = "Copy";
        const heading = document.getElementById(text.getAttribute("aria-labelledby"));
        button.setAttribute("aria-label", `Copy: ${heading ? heading.textContent : "this text"}`);
        button.addEventListener("click", async () => {
            const done = await copy(text);
            button.textContent = done ? "Copied" : "Selected";
            said.textContent = done ? "Copied" : "Selected: copy it with the keyboard";
            setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 2500);
        });
        (heading || text).after(button);
    }
    document.body.append(said);
})();
