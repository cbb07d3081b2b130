// What the page was given beside its words (api/pages/rendering.py).

/** @import { PageData } from "../shapes.d.ts" */
/** @type {PageData} */
export const data = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("data")).textContent);
