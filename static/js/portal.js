/* Small manners of every page: menus close, failed requests say so, a fragment's errors get the focus. */
(function () {
  "use strict";

  var words = {
    0: "网络中断，操作没有完成。请检查网络后重试。",
    403: "您的岗位不能使用这一功能，或页面已过期。请刷新后重试。",
    404: "记录不存在，或不在您的管辖范围。",
    413: "提交的内容过大。",
    429: "操作过于频繁，请稍等几分钟再试。",
  };

  function say(text) {
    var box = document.getElementById("dt-messages");
    var note = document.createElement("div");
    var line = document.createElement("p");
    note.className = "dt-note dt-note-error";
    note.setAttribute("role", "alert");
    line.textContent = text;
    note.appendChild(line);
    box.replaceChildren(note);
    box.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("htmx:responseError", function (event) {
    say(words[event.detail.xhr.status] || "系统出错，操作没有完成。请稍后重试。");
  });
  document.addEventListener("htmx:sendError", function () {
    say(words[0]);
  });

  /* A choice in the filter of a list is asked for at once; text waits for enter. */
  document.addEventListener("change", function (event) {
    if (event.target.matches(".dt-narrow select, .dt-narrow input[type=date]")) event.target.form.requestSubmit();
  });

  function closeMenus(except) {
    document.querySelectorAll("details.dt-menu[open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest ? event.target.closest("details.dt-menu") : null);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") closeMenus(null);
  });
})();
