// What the page was given beside its words (api/pages/rendering.py).
export const data = JSON.parse(document.getElementById("data").textContent);
