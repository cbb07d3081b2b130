// What the page was given beside its words (api/pages/rendering.py).
export const data = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("data")).textContent);
