/* The worklist. The first row opens by itself where the evidence stands beside the list.
   The bulk bar: how many rows are picked; buttons wait until one is, or until 全部 is chosen.
   Where the evidence stands below the list (large type, narrow screen), opening a row brings it into sight. */
(function () {
  "use strict";

  function refresh() {
    var form = document.getElementById("dt-bulk-form");
    if (!form) return;
    var picked = form.querySelectorAll("tbody .dt-pick input:checked").length;
    var all = form.querySelector("input[name=reach][value=all]");
    form.querySelector("[data-dt-picked]").textContent = picked;
    form.querySelectorAll(".dt-bulk button[name=deed]").forEach(function (button) {
      button.disabled = !picked && !(all && all.checked);
    });
  }

  function openFirst() {
    var panel = document.querySelector("#dt-panel[data-dt-first]");
    var list = document.getElementById("dt-rows");
    var link = list && list.querySelector("[data-dt-open]");
    if (panel && link && panel.getBoundingClientRect().left >= list.getBoundingClientRect().right) link.click();
  }

  document.addEventListener("htmx:load", function (event) {
    if (event.target === document.body || event.target.id === "dt-list") openFirst();
  });
  document.addEventListener("change", refresh);
  document.addEventListener("htmx:afterSettle", function (event) {
    refresh();
    var panel = event.detail.target;
    if (panel.id === "dt-panel" && panel.getBoundingClientRect().top > window.innerHeight - 80) panel.scrollIntoView();
  });
  refresh();
})();
