// The page of `kan preview`: what the desk tells ("pages", "findings") is shown; what is done here never changes a file.
"use strict";

const $ = (id) => document.getElementById(id);
const words = JSON.parse($("words").textContent);
const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, gap) => values[gap] ?? "");
const make = (tag, values = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, run] of Object.entries(value)) made.addEventListener(event, run);
    else if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

const SEVERITIES = ["error", "warning", "note"];
const CSS_PIXELS = 96 / 72; // in a point, at 100 %
const ZOOMS = [50, 75, 100, 125, 150, 200, 300];

let state = null; // what "pages" told last
let findings = []; // what "findings" told last
let whole = false; // whether those are all
let sheets = []; // one for each page, in order
let chosen = null; // the finding that is selected, as a string
let unit = 1; // CSS pixels in a point
let focusLetter = null; // {page, brief, start, end}: what is marked on its page

const desk = $("desk");
const narrow = matchMedia("(max-width: 760px)"); // panels lie over the pages, one at a time
const kept = { tab: "print", arrangement: "spread", zoom: "width", contents: true, findings: true, follow: true,
  click: "copy", vertical: false, filters: { error: true, warning: true, note: false }, page: 1, at: null, brief: "" };
try { Object.assign(kept, JSON.parse(localStorage.getItem("kan") ?? "{}")); } catch { /* a new page */ }
if (narrow.matches) Object.assign(kept, { contents: false, findings: false }, localStorage.getItem("kan") ? {} : { arrangement: "single" });
const keep = () => { try { localStorage.setItem("kan", JSON.stringify(kept)); } catch { /* none */ } };

// Pages

class Sheet {
  constructor(number) {
    this.number = number;
    this.key = this.loaded = "";
    this.near = false;
    this.turn = this.turns = 0; // of the picture that is shown, and of the last that was asked for
    this.rows = [];
    this.paper = make("div", { className: "paper" });
    this.lines = make("div", { className: "lines" });
    this.lines.setAttribute("role", "group");
    this.marks = make("div", { className: "marks" });
    this.element = make("section", { className: "page", id: `page-${number}` }, this.paper, this.marks, this.lines,
      make("p", { className: "folio" }));
    this.element.setAttribute("aria-label", say("page", { page: number }));
    this.element.dataset.number = number;
    this.lines.setAttribute("aria-label", say("page_lines", { page: number }));
    this.lines.addEventListener("click", (event) => this.clicked(event));
    this.lines.addEventListener("keydown", (event) => this.moved(event));
  }

  update(told, old) {
    const same = this.key === told.key && this.brief === told.brief;
    this.key = told.key;
    this.brief = told.brief;
    this.element.classList.toggle("old", old);
    this.element.lastChild.textContent = old ? say("old") : "";
    if (!same) this.element.dataset.key = told.key;
  }

  isLoaded() {
    return this.loaded === `${this.key} ${shownWidth()}`;
  }

  async load() {
    const width = shownWidth();
    const wanted = `${this.key} ${width}`;
    if (this.loaded !== wanted) {
      this.loaded = wanted;
      const turn = (this.turns += 1);
      const picture = make("img", { alt: say("page_alt", { page: this.number }), draggable: false, decoding: "async" });
      picture.src = `pages/${this.key}.png?w=${width}`;
      try { await picture.decode(); } catch { if (this.loaded === wanted) { this.loaded = ""; this.retry(); } return; }
      if (turn < this.turn) return; // a newer one is there already
      this.turn = turn;
      this.paper.replaceChildren(picture);
      this.element.dataset.shown = wanted.split(" ")[0];
      if (this.loaded !== wanted) return; // a newer one is on its way
    }
    await this.read();
  }

  retry() {
    setTimeout(() => { if (this.near && sheets[this.number - 1] === this) this.load(); }, 700);
  }

  async read() {
    const wanted = `${this.key} ${this.brief} ${state.texts[this.brief - 1] ?? ""}`;
    if (this.asked === wanted) { this.mark(); return; } // what is marked may have changed while it was far
    this.asked = wanted;
    const answer = await fetch(`lines/${this.number}`).catch(() => null);
    if (answer?.status !== 200) { this.asked = ""; this.retry(); return; }
    const told = await answer.json();
    if (this.asked !== wanted) return;
    const text = JSON.stringify(told.lines.map((row) => [row.box, row.text]));
    this.rows = told.lines;
    if (text !== this.text) { this.text = text; this.write(); }
    this.mark();
  }

  write() {
    const active = this.lines.contains(document.activeElement) ? [...this.lines.children].indexOf(document.activeElement) : -1;
    this.lines.replaceChildren(...this.rows.map((row, index) => {
      const [left, top, right, bottom] = row.box;
      const line = make("span", { className: "line", textContent: row.text, tabIndex: index ? -1 : 0 });
      line.setAttribute("role", "button");
      line.style.cssText = `--l:${left};--t:${top};--w:${right - left};--h:${bottom - top};--s:${row.size}`;
      return line;
    }));
    const natural = [...this.lines.children].map((line) => line.scrollWidth);
    [...this.lines.children].forEach((line, index) => {
      const [left, , right] = this.rows[index].box;
      if (natural[index]) line.style.setProperty("--x", ((right - left) * unit) / natural[index]);
    });
    if (active >= 0) this.lines.children[Math.min(active, this.rows.length - 1)]?.focus({ preventScroll: true });
  }

  // The rectangles of letters `start` to `end`; of the whole line where no letter is between them.
  rectangles(start, end) {
    const found = [];
    for (const { box: [left, top, right, bottom], letters, edges } of this.rows) {
      if (!letters.length) continue;
      const first = letters.findIndex((letter) => letter >= start && letter < Math.max(end, start + 1));
      if (first < 0) continue;
      let last = first;
      while (last + 1 < letters.length && letters[last + 1] < Math.max(end, start + 1)) last += 1;
      if (end <= start) found.push([left, top, right, bottom]);
      else found.push([edges[first], top, edges[last + 1] ?? right, bottom]);
    }
    return found;
  }

  mark() {
    const made = [];
    const flags = new Map();
    for (const found of shownFindings()) {
      if (!found.letters || found.brief !== this.brief || !this.brief) continue;
      const rectangles = this.rectangles(...found.letters);
      const is = identity(found) === chosen;
      rectangles.forEach((rectangle) => made.push(rectangleMark(rectangle, `${found.severity}${is ? " chosen" : ""}`)));
      if (rectangles.length) {
        const top = rectangles[0][1];
        flags.set(top, [...(flags.get(top) ?? []), found]);
      }
    }
    if (focusLetter?.brief === this.brief && this.brief) {
      this.rectangles(focusLetter.start, focusLetter.end).forEach((each) => made.push(rectangleMark(each, "focus")));
    }
    for (const [top, some] of flags) {
      const worst = SEVERITIES.find((severity) => some.some((found) => found.severity === severity));
      const label = some.map((found) => `${say(`one_${found.severity}`)} ${found.code} ${found.message}`).join("\n");
      const flag = make("button", { className: `flag ${worst}`, title: label, tabIndex: -1,
        on: { click: () => choose(some[0], { scroll: false, focus: true }) } });
      flag.setAttribute("aria-label", label);
      flag.style.cssText = `--t:${top}`;
      made.push(flag);
    }
    this.marks.replaceChildren(...made);
  }

  clicked(event) {
    const line = event.target.closest(".line");
    if (!line || String(getSelection())) return;
    const row = this.rows[[...this.lines.children].indexOf(line)];
    const x = event.detail ? (event.clientX - this.element.getBoundingClientRect().left) / unit : row.box[0];
    this.open(row, x);
    this.activate(line);
  }

  async open(row, x) {
    const letter = row.letters[Math.max(row.edges.findLastIndex((edge) => edge <= x + 0.01), 0)] ?? row.leads;
    if (letter === null) { announce(say("generated")); hidePlace(); return; }
    const answer = await fetch(`place?brief=${this.brief}&letter=${letter}`).catch(() => null);
    if (!answer?.ok) return;
    focusLetter = { brief: this.brief, start: letter, end: letter };
    remark();
    await showPlace(await answer.json(), true);
  }

  activate(line, focus = true) {
    for (const each of this.lines.children) each.tabIndex = each === line ? 0 : -1;
    if (focus) line.focus({ preventScroll: true });
  }

  moved(event) {
    const all = [...this.lines.children];
    const at = all.indexOf(event.target);
    if (at < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.open(this.rows[at], this.rows[at].box[0]);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    let [sheet, to] = [this, at + step];
    if (!all[to]) {
      sheet = sheets[this.number - 1 + step];
      to = step > 0 ? 0 : (sheet?.lines.children.length ?? 0) - 1;
    }
    const line = sheet?.lines.children[to];
    if (line) { sheet.activate(line); line.scrollIntoView({ block: "nearest" }); }
  }
}

const rectangleMark = ([left, top, right, bottom], name) => {
  const mark = make("i", { className: `mark ${name}` });
  mark.style.cssText = `--l:${left};--t:${top};--w:${right - left};--h:${bottom - top}`;
  return mark;
};

const near = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const sheet = sheets[target.dataset.number - 1];
    if (!sheet) continue;
    sheet.near = isIntersecting;
    if (isIntersecting) sheet.load();
  }
}, { root: desk, rootMargin: "100% 0px" });

function arrange() {
  const spread = kept.arrangement === "spread";
  const rows = [];
  sheets.forEach((sheet, index) => {
    if (!spread || index % 2 === 1 || index === 0) rows.push(make("div", { className: "row" }));
    if (spread && index === 0) rows[0].append(make("div", { className: "page none" }));
    rows[rows.length - 1].append(sheet.element);
  });
  if (spread && sheets.length > 1 && sheets.length % 2 === 0) rows[rows.length - 1].append(make("div", { className: "page none" }));
  $("pages").replaceChildren(...rows);
  document.body.dataset.arrangement = kept.arrangement;
  $("spread").setAttribute("aria-pressed", spread);
  $("single").setAttribute("aria-pressed", !spread);
}

function measure() {
  if (!state) return;
  const [width, height] = state.size;
  const across = kept.arrangement === "spread" ? 2 : 1;
  const room = desk.clientWidth - 48;
  const wide = room / (across * width);
  const value = kept.zoom === "width" ? Math.min(wide, 2.2)
    : kept.zoom === "page" ? Math.min(wide, (desk.clientHeight - 40) / height)
    : (kept.zoom / 100) * CSS_PIXELS;
  unit = Math.max(value, 0.2);
  $("pages").style.setProperty("--u", `${unit}px`);
  $("pages").style.setProperty("--page-width", width);
  $("pages").style.setProperty("--page-height", height);
}

const shownWidth = () => Math.round(unit * state.size[0] * devicePixelRatio);

// Where the reader is: the page at a third of the window, and which part of it is there.
function here() {
  const middle = desk.scrollTop + desk.clientHeight / 3;
  let best = null;
  for (const sheet of sheets) {
    const top = sheet.element.offsetTop;
    if (top <= middle || !best) best = best && best.element.offsetTop === top ? best : sheet;
    else break;
  }
  if (!best) return null;
  const at = desk.scrollTop < 4 ? null : (middle - best.element.offsetTop) / (unit * state.size[1]); // null: the very top
  return { number: best.number, at,
    across: (desk.scrollLeft + desk.clientWidth / 2) / desk.scrollWidth };
}

function restore(place) {
  const sheet = place && sheets[Math.min(place.number, sheets.length) - 1];
  if (!sheet) return;
  desk.scrollTop = place.at === null ? 0 : sheet.element.offsetTop + place.at * unit * state.size[1] - desk.clientHeight / 3;
  if (place.across) desk.scrollLeft = place.across * desk.scrollWidth - desk.clientWidth / 2;
}

function relayout(place = here()) {
  measure();
  restore(place);
  sheets.filter((sheet) => sheet.near).forEach((sheet) => sheet.load());
  scrolled();
}

// A change of how the pages lie: what is marked stays where it is, else the place at which one looks.
function relay(change) {
  const place = state ? here() : null;
  const mark = [...document.querySelectorAll("i.chosen, i.focus")].find(isVisible);
  const top = mark?.getBoundingClientRect().top;
  change();
  if (!state) return;
  relayout(place);
  if (!mark) return;
  desk.scrollTop += mark.getBoundingClientRect().top - top;
  sideways(mark);
}

// Scroll across until an element is seen, where the pages are wider than the window.
function sideways(element) {
  const [outer, inner] = [desk.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.left < outer.left + 24 || inner.right > outer.right - 24) desk.scrollLeft += inner.left - outer.left - desk.clientWidth * 0.3;
}

let settling = 0;
function scrolled() {
  clearTimeout(settling);
  settling = setTimeout(() => {
    const place = state && sheets.length ? here() : null;
    if (!place || kept.tab !== "print") return;
    Object.assign(kept, { page: place.number, at: place.at });
    keep();
    const visible = sheets.filter((sheet) => isVisible(sheet.element)).map((sheet) => sheet.number);
    tellShown(visible);
    const first = current();
    if (document.activeElement !== $("page")) $("page").value = first;
    const brief = sheets[first - 1]?.brief;
    document.querySelectorAll("#outline [data-first]").forEach((each) => {
      const is = each.dataset.brief === String(brief) && brief ? each.dataset.kind === "brief" : Number(each.dataset.first) === first && each.dataset.kind === "other";
      if (is) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
    });
  }, 90);
}

const isVisible = (element) => {
  const [outer, inner] = [desk.getBoundingClientRect(), element.getBoundingClientRect()];
  return inner.bottom > outer.top && inner.top < outer.bottom && inner.height > 0;
};

let told = "";
function tellShown(pages) {
  const body = JSON.stringify({ pages, width: shownWidth() });
  if (body === told) return;
  told = body;
  fetch("shown", { method: "POST", body, headers: { "Content-Type": "application/json" } }).catch(() => { told = ""; });
}

// The page at which one looks: the first whose middle is not above the window.
function current() {
  const place = here();
  return place ? place.number : 1;
}

function goTo(number, { top = 0, left = null, smooth = true } = {}) {
  const sheet = sheets[Math.max(1, Math.min(number, sheets.length)) - 1];
  if (!sheet) return;
  sheet.near = true;
  sheet.load();
  const y = sheet.element.offsetTop + top * unit - (top ? desk.clientHeight * 0.35 : 12);
  const x = sheet.element.offsetLeft + left * unit;
  const out = left !== null && (x < desk.scrollLeft + 24 || x > desk.scrollLeft + desk.clientWidth - 48);
  desk.scrollTo({ top: y, left: out ? x - desk.clientWidth * 0.3 : desk.scrollLeft, behavior: smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches && Math.abs(y - desk.scrollTop) < 2 * desk.clientHeight ? "smooth" : "instant" });
}

async function goToLetter(brief, start, end, page) {
  const sheet = sheets[page - 1];
  if (!sheet) return;
  await sheet.read();
  const [first] = sheet.rectangles(start, end);
  goTo(page, { top: first ? first[1] : 0, left: first ? first[0] : null });
}

function step(by) {
  const number = current();
  const spread = kept.arrangement === "spread";
  let to = number + by;
  if (spread) to = by > 0 ? (number === 1 ? 2 : number - (number % 2) + 2) : (number <= 3 ? 1 : number - (number % 2) - 2);
  goTo(to);
}

// What is told

function pagesTold(next) {
  const first = state === null || !sheets.length;
  const place = first ? { number: kept.page, at: kept.at } : here();
  const before = state;
  state = next;
  const grown = next.pages.length !== sheets.length;
  if (!first && grown && before) place.number = moved(before, next, place.number);
  while (sheets.length > next.pages.length) near.unobserve(sheets.pop().element);
  const old = new Set(next.briefs.filter((row) => row.broken && row.number).map((row) => row.number));
  measure();
  for (const page of next.pages) {
    let sheet = sheets[page.number - 1];
    if (!sheet) {
      sheet = new Sheet(page.number);
      sheets.push(sheet);
      near.observe(sheet.element);
    }
  }
  if (grown || !$("pages").childElementCount) arrange();
  const room = $("banner").offsetHeight;
  writeBanner();
  if (first || grown || $("banner").offsetHeight !== room) restore(place);
  next.pages.forEach((page) => sheets[page.number - 1].update(page, next.stale || old.has(page.brief)));
  loadNear();
  if (focusLetter && next.changed) focusLetter = null;
  $("count").textContent = say("of_pages", { count: next.pages.length });
  if (next.issue) {
    $("issue").textContent = `${next.issue.title}　${next.issue.name}`;
    document.title = `${next.issue.title} ${next.issue.name} – ${say("name")}`;
  }
  writeOutline();
  writeBriefs();
  $("waiting").hidden = next.pages.length > 0;
  $("waiting").textContent = next.errors.length || next.failure ? say("waiting") : say("nothing");
  if (kept.tab !== "print" && before) openReader();
  if (trouble()) announce(trouble());
  else if (before?.failure || before?.errors.length) announce(say("mended"));
  else announce(next.pages.length ? say("checking") : "");
  if (!first && next.changed && kept.follow) follow(next.changed);
  scrolled();
}

// New pictures first, then the lines of all pages that are near.
async function loadNear() {
  const all = sheets.filter((sheet) => sheet.near);
  await Promise.allSettled(all.filter((sheet) => !sheet.isLoaded()).map((sheet) => sheet.load()));
  all.forEach((sheet) => sheet.load());
}

// The page on which what was on a page before is now: the same of its brief.
function moved(before, next, number) {
  const page = before.pages[number - 1];
  const was = page && before.briefs.find((row) => row.number === page.brief && page.brief);
  const is = was && next.briefs.find((row) => row.file === was.file && row.number);
  return is ? Math.min(is.first + number - was.first, is.last) : number;
}

async function follow({ brief, letter, page }) {
  const sheet = sheets[page - 1];
  if (!sheet) return;
  sheet.near = true;
  await sheet.load();
  const [rectangle] = sheet.rectangles(letter, letter + 1);
  if (!rectangle) return;
  const top = sheet.element.offsetTop + rectangle[1] * unit;
  const margin = 40;
  if (top < desk.scrollTop + margin || top > desk.scrollTop + desk.clientHeight - margin) goTo(page, { top: rectangle[1] });
  const flash = rectangleMark([sheet.rows[0].box[0], rectangle[1], Math.max(...sheet.rows.map((row) => row.box[2])), rectangle[3]], "flash");
  sheet.marks.append(flash);
  setTimeout(() => flash.remove(), 1600);
}

function findingsTold(next) {
  findings = next.items;
  whole = next.whole;
  writeFindings();
  remark();
  if (whole && state) announce(trouble() || say("updated", { count: findings.length }), state.version > 1 && !trouble() ? say("took", { ms: state.took }) : "");
}

// What keeps the newest state from being set: as a title, and in a sentence; nothing where it is set.
function troubled() {
  const { errors, failure, briefs, stale } = state;
  if (failure || !errors.length) return failure;
  const broken = briefs.filter((brief) => brief.broken).map((brief) => brief.file);
  if (stale || (!broken.length && errors[0].file === "issue.xml")) return say("broken_issue");
  return say("broken", { file: (broken.length ? broken : [...new Set(errors.map((each) => each.file))]).join("、") });
}

function trouble() {
  const [error] = state.errors;
  return troubled() && !state.failure ? `${troubled()}${say("colon")}${error.file}:${error.line} ${error.message}` : troubled();
}

function writeBanner() {
  const { errors, failure } = state;
  const banner = $("banner");
  banner.hidden = !errors.length && !failure;
  if (banner.hidden) { banner.replaceChildren(); return; }
  const most = 3;
  banner.replaceChildren(...[
    make("h2", { textContent: troubled() }),
    state.pages.length && errors.length ? make("p", { className: "quiet", textContent: say("kept") }) : null,
    make("ul", {}, ...errors.slice(0, most).map((each) => make("li", {},
      make("button", { className: "link", textContent: `${each.file}:${each.line}:${each.column}`, on: { click: () => showPlace(each, true) } }),
      make("span", { className: "code", textContent: each.code }),
      make("strong", { textContent: each.message }),
      make("span", { className: "quiet", textContent: `${say("hint")}${each.hint}` }),
      each.source ? make("code", { textContent: each.source }) : null))),
    errors.length > most ? make("p", { className: "quiet", textContent: say("more_errors", { count: errors.length - most }) }) : null,
  ].filter(Boolean));
}

function writeOutline() {
  const entry = (page, title, values = {}, ...more) => {
    const button = make("button", { on: { click: () => jump(page, { ...values, title }) } }, make("span", { className: "title", textContent: title }),
      make("span", { className: "number", textContent: page ?? "" }));
    button.dataset.first = page;
    button.dataset.kind = values.kind ?? "other";
    if (values.number) button.dataset.brief = values.number;
    return make("li", { className: values.kind ?? "other" }, button, ...more);
  };
  const rows = [];
  if (state.pages.length) {
    rows.push(entry(1, say("cover")), entry(2, say("toc")));
  }
  for (const brief of state.briefs) {
    if (!brief.number) {
      rows.push(make("li", { className: "brief broken" }, make("p", { textContent: brief.title }), make("small", { textContent: say("not_set") })));
      continue;
    }
    const notes = brief.notes.length ? make("details", { className: "notes" },
      make("summary", { textContent: say("notes_count", { count: brief.notes.length }) }),
      make("p", {}, ...brief.notes.map((note) => {
        const button = make("button", { textContent: note.label, title: `${say("note_field")} ${note.label}`,
          on: { click: () => jump(note.page, { number: brief.number, letter: note.letter }) } });
        button.setAttribute("aria-label", `${say("note_field")} ${note.label}`);
        return button;
      }))) : null;
    const row = entry(brief.first, brief.title, { kind: "brief", number: brief.number },
      make("small", { textContent: brief.authors.join("、") }),
      make("ol", {}, ...brief.sections.filter((section) => section.depth < 3).map((section) => {
        const item = entry(section.page, section.title, { kind: "section", number: brief.number, letter: section.letter });
        item.style.setProperty("--depth", section.depth);
        return item;
      })), notes);
    row.classList.toggle("broken", brief.broken);
    rows.push(row);
  }
  if (state.pages.length) rows.push(entry(state.pages.length, say("colophon")));
  const open = [...document.querySelectorAll("#outline details")].map((each) => each.open);
  const focused = [...$("outline").querySelectorAll("button, summary")].indexOf(document.activeElement);
  $("outline").replaceChildren(...rows);
  document.querySelectorAll("#outline details").forEach((each, index) => { each.open = open[index] ?? false; });
  if (focused >= 0) $("outline").querySelectorAll("button, summary")[focused]?.focus({ preventScroll: true });
}

// In the other editions a brief or section is opened there; notes and single pages are on the pages.
function jump(page, { number, letter, title } = {}) {
  const brief = state.briefs.find((row) => row.number && row.number === number);
  if (narrow.matches) showPanel("contents", false);
  if (kept.tab !== "print" && brief && title) { openReader(brief, title); return; }
  if (kept.tab !== "print") selectTab("print");
  if (letter !== null && letter !== undefined && number) {
    focusLetter = { brief: number, start: letter, end: letter };
    goToLetter(number, letter, letter + 1, page);
    remark();
  } else goTo(page);
}

// Findings

const identity = (found) => [found.file, found.code, found.line, found.column, found.message].join("\u0000");
const shownFindings = () => findings.filter((found) => kept.filters[found.severity]);

function writeFindings() {
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, findings.filter((each) => each.severity === severity).length]));
  document.querySelectorAll(".filter").forEach((button) => {
    button.querySelector("b").textContent = counts[button.dataset.severity];
    button.setAttribute("aria-pressed", kept.filters[button.dataset.severity]);
  });
  const urgent = counts.error + counts.warning;
  $("badge").hidden = !urgent;
  $("badge").textContent = urgent;
  $("badge").classList.toggle("error", counts.error > 0);
  const shown = shownFindings();
  const groups = new Map();
  for (const found of shown) groups.set(found.file, [...(groups.get(found.file) ?? []), found]);
  const order = ["issue.xml", ...(state?.briefs.map((brief) => brief.file) ?? [])];
  const rank = (file) => (order.includes(file) ? order.indexOf(file) : order.length);
  const files = [...groups.keys()].sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  const focused = document.activeElement?.closest?.(".finding")?.dataset.is;
  const scroll = $("list").scrollTop;
  $("list").replaceChildren(...files.map((file) => {
    const brief = state?.briefs.find((row) => row.file === file);
    return make("section", {}, make("h2", {}, brief?.title ?? (file === "issue.xml" ? say("issue_file") : file), make("small", { textContent: file })),
      make("ol", {}, ...groups.get(file).map((found) => make("li", {}, findingButton(found)))));
  }));
  if (!shown.length) {
    const text = !whole && !findings.length ? say("checking") : findings.length ? say("none_shown") : say("none");
    $("list").append(make("p", { className: "empty", textContent: text }));
  }
  $("list").scrollTop = scroll;
  if (focused) [...document.querySelectorAll(".finding")].find((each) => each.dataset.is === focused)?.focus({ preventScroll: true });
  rove();
}

function findingButton(found) {
  const is = identity(found);
  const button = make("button", { className: `finding ${found.severity}`, tabIndex: -1, on: { click: () => choose(found) } },
    make("span", { className: "head" }, make("span", { className: "severity", textContent: say(`one_${found.severity}`) }),
      make("span", { className: "code", textContent: found.code }),
      make("span", { className: "at", textContent: `${found.line}:${found.column}` }),
      found.page ? make("span", { className: "on", textContent: say("page", { page: found.page }) }) : null),
    make("span", { className: "message", textContent: found.message }),
    make("span", { className: "hint", textContent: `${say("hint")}${found.hint}${found.fixable ? say("fixable") : ""}` }));
  button.dataset.is = is;
  if (is === chosen) button.setAttribute("aria-current", "true");
  return button;
}

const findingButtons = () => [...document.querySelectorAll(".finding")];

// One stop for the tab key; the arrows go from one to the next.
function rove() {
  const all = findingButtons();
  const at = Math.max(all.findIndex((each) => each.dataset.is === chosen), 0);
  all.forEach((each, index) => { each.tabIndex = index === at ? 0 : -1; });
}

async function choose(found, { scroll = true, focus = false } = {}) {
  chosen = identity(found);
  focusLetter = null;
  for (const each of findingButtons()) {
    const is = each.dataset.is === chosen;
    if (is) { each.setAttribute("aria-current", "true"); each.scrollIntoView({ block: "nearest" }); } else each.removeAttribute("aria-current");
    if (is && focus) { showPanel("findings", true); each.focus(); }
  }
  rove();
  if (scroll && narrow.matches) showPanel("findings", false);
  if (scroll && found.page) {
    if (kept.tab !== "print") selectTab("print");
    await goToLetter(found.brief, found.letters[0], found.letters[1], found.page);
  }
  remark();
  await showPlace(found, false);
}

function nextFinding(by) {
  const all = findingButtons();
  if (!all.length) return;
  const at = all.findIndex((each) => each.dataset.is === chosen);
  const to = all[(at + by + all.length) % all.length] ?? all[0];
  choose(findings.find((found) => identity(found) === to.dataset.is));
}

const remark = () => sheets.filter((sheet) => sheet.near).forEach((sheet) => sheet.mark());

// Places

let placed = null;
async function showPlace(place, act) {
  placed = place;
  const text = `${place.file}:${place.line}:${place.column}`;
  $("where").textContent = text;
  $("source").textContent = place.source;
  $("done").textContent = "";
  $("place").hidden = false;
  if (!act) return;
  await copy();
  if (kept.click === "vscode") openAddress(`vscode://file/${addressOf(place.path)}:${place.line}:${place.column}`);
  if (kept.click === "command") {
    const { path, line, column } = place;
    const answer = await fetch("open", { method: "POST", body: JSON.stringify({ path, line, column }), headers: { "Content-Type": "application/json" } }).catch(() => null);
    const error = answer?.status === 500 ? (await answer.json()).error : answer?.status;
    $("done").textContent = answer?.ok ? say("opened") : say("not_opened", { error });
  }
  announce(`${text}　${$("done").textContent}`);
}

async function copy() {
  if (!placed) return;
  try {
    await navigator.clipboard.writeText(`${placed.path}:${placed.line}:${placed.column}`);
    $("done").textContent = say("copied");
  } catch { $("done").textContent = say("not_copied"); }
}

const addressOf = (path) => path.split(/[\\/]/).filter(Boolean).map(encodeURIComponent).join("/");

function openAddress(address) {
  make("a", { href: address }).click();
}

function hidePlace() {
  $("place").hidden = true;
  focusLetter = null;
  remark();
}

function announce(text, more = "") {
  if ($("status").firstChild?.textContent === text && !more) return; // it has been read out
  $("status").replaceChildren(text, make("span", { className: "quiet", textContent: more ? `　${more}` : "" }));
}

// Other editions

function writeBriefs() {
  const select = $("brief");
  const options = state.briefs.filter((brief) => brief.number).map((brief) => make("option", { value: brief.file, textContent: brief.title }));
  select.replaceChildren(...options);
  if (state.briefs.some((brief) => brief.file === kept.brief && brief.number)) select.value = kept.brief;
}

function openReader(wanted = null, title = "") {
  if (wanted) { $("brief").value = kept.brief = wanted.file; keep(); }
  const brief = state?.briefs.find((row) => row.file === $("brief").value && row.number);
  if (!brief) return;
  const kind = kept.tab === "web" ? "web" : kept.vertical ? "vertical" : "epub";
  const frame = $("frame");
  const address = `view/${kind}/${kind === "web" ? `${brief.name}.html` : `${brief.key}.xhtml`}`;
  const label = say("view_name", { edition: say(kept.tab), title: brief.title });
  frame.title = label;
  $("reader").setAttribute("aria-label", label);
  const inside = frame.contentWindow;
  const same = framePath() === new URL(address, location.href).pathname;
  const [x, y] = same ? [inside.scrollX, inside.scrollY] : [0, 0];
  const arrive = () => { if (!title) inside.scrollTo(x, y); else headingIn(frame.contentDocument, title)?.scrollIntoView(); };
  if (same && title) { arrive(); return; }
  frame.addEventListener("load", () => { if (same || title) arrive(); }, { once: true });
  if (same) inside.location.reload(); else inside.location.replace(new URL(address, location.href));
}

function framePath() {
  try { return $("frame").contentWindow.location.pathname; } catch { return ""; } // an error page of the browser
}

function headingIn(inside, title) {
  const bare = (text) => text.replace(/\s/g, "");
  return [...inside.querySelectorAll("h1, h2, h3, h4, h5")].find((each) => bare(each.textContent).includes(bare(title)));
}

// A link inside an edition may have led to another brief.
function readerTurned() {
  const name = decodeURIComponent(framePath().split("/").pop()).replace(/\.x?html$/, "");
  const brief = state?.briefs.find((row) => row.number && [row.name, row.key].includes(name));
  if (brief && kept.tab !== "print") $("brief").value = kept.brief = brief.file;
}

function selectTab(name, focus = false) {
  const place = state && kept.tab === "print" ? here() : null;
  if (place) Object.assign(kept, { page: place.number, at: place.at });
  if (name !== "print" && kept.tab === "print" && state) {
    const brief = state.briefs.find((row) => row.number && row.number === sheets[current() - 1]?.brief);
    if (brief) $("brief").value = kept.brief = brief.file;
  }
  kept.tab = name;
  keep();
  document.body.dataset.tab = name;
  document.querySelectorAll("[role=tab]").forEach((tab) => {
    const is = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", is);
    tab.tabIndex = is ? 0 : -1;
    if (is && focus) tab.focus();
  });
  hidePlace();
  desk.hidden = name !== "print";
  $("reader").hidden = name === "print";
  $("vertical").hidden = name !== "epub";
  if (name === "print") { if (state) relayout({ number: kept.page, at: kept.at }); } else openReader();
}

// Controls

function showPanel(name, on) {
  if (on && narrow.matches) showPanel(name === "contents" ? "findings" : "contents", false);
  relay(() => {
    kept[name] = on;
    keep();
    document.body.classList.toggle(`no-${name}`, !on);
    $(`show-${name}`).setAttribute("aria-pressed", on);
  });
}

function setZoom(value) {
  kept.zoom = value;
  keep();
  if (![...$("zoom").options].some((option) => option.value === String(value))) $("zoom").append(make("option", { value, textContent: `${value}%` }));
  $("zoom").value = value;
  relay(() => {});
}

function zoomBy(by) {
  const now = (unit / CSS_PIXELS) * 100;
  const steps = by > 0 ? ZOOMS.find((each) => each > now + 1) : ZOOMS.findLast((each) => each < now - 1);
  if (steps) setZoom(steps);
}

function setArrangement(name) {
  kept.arrangement = name;
  keep();
  relay(arrange);
}

function goToNote(label) {
  const brief = state?.briefs.find((row) => row.number === sheets[current() - 1]?.brief && row.number)
    ?? state?.briefs.find((row) => row.notes?.some((note) => note.label === label));
  const note = brief?.notes.find((each) => each.label === label);
  if (!note) { announce(say("no_note", { note: label })); return; }
  jump(note.page, { number: brief.number, letter: note.letter });
}

function bind() {
  document.querySelectorAll("[role=tab]").forEach((tab, index, all) => {
    tab.addEventListener("click", () => selectTab(tab.dataset.tab));
    tab.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      selectTab(all[(index + by + all.length) % all.length].dataset.tab, true);
    });
  });
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  $("spread").addEventListener("click", () => setArrangement("spread"));
  $("single").addEventListener("click", () => setArrangement("single"));
  $("zoom").addEventListener("change", (event) => setZoom(Number(event.target.value) || event.target.value));
  $("zoom-in").addEventListener("click", () => zoomBy(1));
  $("zoom-out").addEventListener("click", () => zoomBy(-1));
  $("page").addEventListener("change", (event) => {
    const number = Number(event.target.value);
    if (number >= 1 && number <= sheets.length) { goTo(number); return; }
    announce(say("no_page", { page: event.target.value }));
    event.target.value = current();
  });
  $("note").addEventListener("change", (event) => goToNote(event.target.value.trim()));
  for (const name of ["page", "note"]) $(name).addEventListener("keydown", (event) => {
    if (["Enter", "Escape"].includes(event.key)) setTimeout(() => desk.focus({ preventScroll: true })); // the keys are for the pages again
  });
  $("show-contents").addEventListener("click", () => showPanel("contents", !kept.contents));
  $("show-findings").addEventListener("click", () => showPanel("findings", !kept.findings));
  $("help").addEventListener("click", () => $("keys").showModal());
  $("copy").addEventListener("click", copy);
  $("close-place").addEventListener("click", hidePlace);
  $("follow").checked = kept.follow;
  $("follow").addEventListener("change", (event) => { kept.follow = event.target.checked; keep(); });
  if (![...$("on-click").options].some((option) => option.value === kept.click)) kept.click = "copy";
  $("on-click").value = kept.click;
  $("on-click").addEventListener("change", (event) => { kept.click = event.target.value; keep(); });
  $("brief").addEventListener("change", (event) => { kept.brief = event.target.value; keep(); openReader(); });
  $("frame").addEventListener("load", readerTurned);
  $("vertical").addEventListener("click", () => { kept.vertical = !kept.vertical; keep(); $("vertical").setAttribute("aria-pressed", kept.vertical); openReader(); });
  document.querySelectorAll(".filter").forEach((button) => button.addEventListener("click", () => {
    kept.filters[button.dataset.severity] = !kept.filters[button.dataset.severity];
    keep();
    writeFindings();
    remark();
  }));
  $("list").addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = findingButtons();
    const at = all.indexOf(document.activeElement);
    if (!by || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    all[at + by]?.focus();
  });
  desk.addEventListener("scroll", scrolled, { passive: true });
  new ResizeObserver(() => { if (state && kept.tab === "print") relayout({ number: kept.page, at: kept.at }); }).observe(desk);
  document.addEventListener("keydown", pressed);
}

const KEYS = {
  ArrowRight: () => step(1), ArrowLeft: () => step(-1), j: () => step(1), k: () => step(-1),
  PageDown: () => desk.scrollBy({ top: 0.9 * desk.clientHeight }), PageUp: () => desk.scrollBy({ top: -0.9 * desk.clientHeight }),
  ArrowDown: () => desk.scrollBy({ top: 60 }), ArrowUp: () => desk.scrollBy({ top: -60 }),
  Home: () => goTo(1), End: () => goTo(sheets.length),
  n: () => nextFinding(1), N: () => nextFinding(-1), p: () => nextFinding(-1),
  "+": () => zoomBy(1), "=": () => zoomBy(1), "-": () => zoomBy(-1), 0: () => setZoom("width"), f: () => setZoom("page"),
  s: () => setArrangement(kept.arrangement === "spread" ? "single" : "spread"),
  g: () => $("page").select(), t: () => $("note").select(),
  "[": () => showPanel("contents", !kept.contents), "]": () => showPanel("findings", !kept.findings),
  "?": () => $("keys").showModal(), Escape: hidePlace,
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
  if (event.target.closest?.("input, select, textarea")) return;
  if (kept.tab !== "print" && !["?", "[", "]", "Escape"].includes(event.key)) return;
  if (event.target.closest?.("[role=tablist]") && event.key.startsWith("Arrow")) return;
  const run = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
  if (!run || (!state && event.key !== "?")) return;
  event.preventDefault();
  run();
}

function listen() {
  const events = new EventSource("events");
  events.addEventListener("pages", (event) => pagesTold(JSON.parse(event.data)));
  events.addEventListener("findings", (event) => findingsTold(JSON.parse(event.data)));
  events.addEventListener("open", () => document.body.classList.remove("gone"));
  events.addEventListener("error", () => {
    document.body.classList.add("gone");
    announce(events.readyState === EventSource.CLOSED ? say("ended") : say("gone"));
  });
}

document.body.classList.toggle("no-contents", !kept.contents);
document.body.classList.toggle("no-findings", !kept.findings);
$("show-contents").setAttribute("aria-pressed", kept.contents);
$("show-findings").setAttribute("aria-pressed", kept.findings);
$("vertical").setAttribute("aria-pressed", kept.vertical);
if (![...$("zoom").options].some((option) => option.value === String(kept.zoom))) kept.zoom = "width";
$("zoom").value = kept.zoom;
bind();
selectTab(kept.tab);
announce(say("setting"));
listen();
