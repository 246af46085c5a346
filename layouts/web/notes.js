// Notes without losing one's place. The pages work without this: a call is a link to its note, which the style
// sheet shows as a sheet over a narrow page; here the sheet is a popover, which Escape and a tap outside close.

(() => {
  const beside = matchMedia("(min-width: 71.25em)");
  const note = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))?.closest(".note");

  function inView(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }

  function open(found, from) {
    const entry = found.parentElement;
    document.querySelector(".entry:popover-open")?.hidePopover();
    entry.popover = "auto";
    entry.showPopover();
    found.focus({ preventScroll: true });
    entry.addEventListener("toggle", function closed(event) {
      if (event.newState !== "closed") return;
      entry.removeEventListener("toggle", closed);
      const inside = document.activeElement === document.body || entry.contains(document.activeElement);
      entry.removeAttribute("popover");
      if (inside) from.focus({ preventScroll: true });
    });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.call, a.reference, a.backlink");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const shown = link.closest(".entry:popover-open");
    if (link.matches(".backlink")) {
      if (!shown) return;
      event.preventDefault();
      shown.hidePopover();
      return;
    }
    const found = note(link);
    if (!found) return;
    if (beside.matches) {
      if (!inView(found)) return;
      event.preventDefault();
      found.focus({ preventScroll: true });
    } else if (typeof found.parentElement.showPopover === "function") {
      event.preventDefault();
      open(found, shown ? document.getElementById(`${shown.firstElementChild.id}-call`) ?? link : link);
    }
  });
})();
