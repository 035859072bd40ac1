/* Keyboard on lists: up and down move, space selects, enter opens, / goes to the search box.
   Works on any table marked data-dt-worklist; a row opens by its first link or [data-dt-open]. */
(function () {
  "use strict";

  function rows() {
    return Array.from(document.querySelectorAll("[data-dt-worklist] tbody tr"));
  }

  function current(list) {
    return list.findIndex(function (row) { return row.hasAttribute("aria-current"); });
  }

  function move(list, place) {
    list.forEach(function (row) { row.removeAttribute("aria-current"); });
    var row = list[Math.max(0, Math.min(place, list.length - 1))];
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    return row;
  }

  function isTyping(target) {
    return /^(INPUT|TEXTAREA|SELECT|BUTTON|SUMMARY)$/.test(target.tagName) && target.type !== "checkbox";
  }

  function opener(row) {
    return row.querySelector("[data-dt-open]") || row.querySelector("a[href]");
  }

  function mark(row) {
    var box = row.querySelector(".dt-pick input[type=checkbox]");
    if (box) row.classList.toggle("dt-picked", box.checked);
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "/") {
      var search = document.querySelector(".dt-narrow input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
      return;
    }
    var list = rows();
    if (!list.length) return;
    var at = current(list);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(list, at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === " " && at >= 0 && event.target.type !== "checkbox") {
      var box = list[at].querySelector(".dt-pick input[type=checkbox]");
      if (box) { event.preventDefault(); box.click(); }
    } else if (event.key === "Enter" && at >= 0 && event.target.tagName !== "A") {
      var link = opener(list[at]);
      if (link) { event.preventDefault(); link.click(); }
    }
  });

  document.addEventListener("click", function (event) {
    var row = event.target.closest ? event.target.closest("[data-dt-worklist] tbody tr") : null;
    if (row) move(rows(), rows().indexOf(row));
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-dt-pick-all]")) {
      document.querySelectorAll("[data-dt-worklist] .dt-pick input[type=checkbox]").forEach(function (box) {
        box.checked = event.target.checked;
        if (box.closest("tbody")) mark(box.closest("tr"));
      });
    } else if (event.target.closest && event.target.closest("[data-dt-worklist] tbody .dt-pick")) {
      mark(event.target.closest("tr"));
    }
  });
})();
