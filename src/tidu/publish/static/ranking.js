/* What each change of score is made of: worked out on the server or laid down in the folder, fetched as a classic script. */
(function () {
  "use strict";
  var button = document.getElementById("split"), table = document.getElementById("ranks");
  if (!button || !table) { return; }
  function cell(row, tag, text, before) {
    var made = document.createElement(tag);
    made.textContent = text;
    made.className = "n";
    row.insertBefore(made, before);
    return made;
  }
  function said(value) { return value === undefined || value === null ? "—" : (value < 0 ? "-" : "+") + Math.abs(value).toFixed(2); }
  function show() {
    var found = window.tidu || {}, heads = button.dataset.heads.split("|"), at = 4;
    var kept = heads.map(function (head, k) {
      return k === 0 || Object.keys(found).some(function (unit) { return found[unit][k] !== 0; });
    });
    if (!Object.keys(found).length) { button.textContent = button.dataset.none; return; }
    button.hidden = true;
    var nought = heads.filter(function (head, k) { return !kept[k]; });
    if (nought.length) {
      var noted = document.createElement("span");
      noted.textContent = button.dataset.nought.replace("%1", nought.join(button.dataset.comma)) + " ";
      button.parentNode.insertBefore(noted, button);
    }
    Array.prototype.forEach.call(table.tHead.rows, function (row) {
      var before = row.cells[at];
      heads.forEach(function (head, k) { if (kept[k]) { cell(row, "th", head, before).scope = "col"; } });
    });
    Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
      var before = row.cells[at], parts = found[row.dataset.unit] || [];
      heads.forEach(function (head, k) { if (kept[k]) { cell(row, "td", said(parts[k]), before); } });
    });
  }
  button.hidden = false;
  button.addEventListener("click", function () {
    var loaded = document.createElement("script");
    button.disabled = true;
    button.textContent = button.dataset.wait;
    loaded.onload = show;
    loaded.onerror = function () { button.textContent = button.dataset.none; };
    loaded.src = button.dataset.script;
    document.head.appendChild(loaded);
  });
})();
