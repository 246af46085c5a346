// Full-text search: Pagefind's index lies beside this file, and nothing that is typed leaves the browser.

const form = document.getElementById("search");
const input = document.getElementById("words");
const status = document.getElementById("status");
const results = document.getElementById("results");
let latest = 0;
let engine;

async function pagefind() {
  engine ??= import("./pagefind/pagefind.js").then(async (found) => {
    await found.options({ excerptLength: 40 });
    return found;
  });
  return engine;
}

// The index knows words, and Chinese is typed without blanks: the words are cut as the index cuts them.
function cut(text) {
  if (!("Segmenter" in Intl) || /\s/.test(text)) return text;
  const words = new Intl.Segmenter(document.documentElement.lang, { granularity: "word" }).segment(text);
  return [...words].map((each) => each.segment).join(" ");
}

function element(name, content, className) {
  const made = document.createElement(name);
  if (content) made.textContent = content;
  if (className) made.className = className;
  return made;
}

// Pagefind gives the words found as <mark>; everything else is text.
function excerpt(marked) {
  const line = element("p", "", "excerpt");
  const parsed = new DOMParser().parseFromString(marked, "text/html");
  for (const node of parsed.body.childNodes) {
    line.append(node.nodeName === "MARK" ? element("mark", node.textContent) : node.textContent);
  }
  return line;
}

function shown(found) {
  const item = document.createElement("li");
  const link = element("a", "", "entry");
  link.href = found.url;
  link.append(element("span", found.meta.title, "title"));
  item.append(link, element("p", [found.meta.authors, found.meta.issue].filter(Boolean).join("　"), "authors"), excerpt(found.excerpt));
  return item;
}

async function search(text) {
  const mine = ++latest;
  results.replaceChildren();
  status.textContent = "";
  if (!text) return;
  try {
    const { search: find } = await pagefind();
    let { results: hits } = await find(text);
    if (!hits.length) ({ results: hits } = await find(cut(text)));
    const found = await Promise.all(hits.slice(0, 50).map((hit) => hit.data()));
    if (mine !== latest) return;
    const { one, found: many, none } = form.dataset;
    status.textContent = !hits.length ? none.replace("{words}", text) : hits.length === 1 ? one : many.replace("{count}", hits.length);
    results.replaceChildren(...found.map(shown));
  } catch {
    if (mine === latest) status.textContent = form.dataset.failed;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  history.replaceState(null, "", text ? `?q=${encodeURIComponent(text)}` : location.pathname);
  search(text);
});

input.value = new URLSearchParams(location.search).get("q") ?? "";
if (input.value.trim()) search(input.value.trim());
