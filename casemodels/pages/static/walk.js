// Shows one step of a case and sends back what a person decides. All words come from Python; what
// is chosen is checked there. The page is plain HTML: this script only moves messages and focus.

const ANSWER_WITHIN = 15_000; // ms; after that the button works again and says so

// A decision has a number of its own: however often it has to be sent, it is taken once.
const number = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

const READ = {
  one: (box) => (box.querySelector("select") ?? box.querySelector("input:checked"))?.value ?? "",
  several: (box) => [...box.querySelectorAll("input:checked")].map((one) => one.value),
  order: (box) => [...box.querySelectorAll("[data-name]")].map((one) => one.dataset.name),
  day: (box) => box.querySelector("input").value,
  number: (box) => box.querySelector("input").value,
  text: (box) => box.querySelector("textarea").value,
  sort: (box) =>
    Object.fromEntries(
      [...box.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, READ.one(row)]),
    ),
};

function answer(form) {
  const fields = [...form.querySelectorAll("[data-field]")];
  return Object.fromEntries(fields.map((box) => [box.dataset.field, READ[box.dataset.kind](box)]));
}

const mark = (box, names) => {
  for (const one of box.querySelectorAll("input")) one.checked = names.includes(one.value);
};

const WRITE = {
  one: (box, name) => {
    const chosen = box.querySelector(`select option[value="${CSS.escape(name)}"]`);
    if (chosen) chosen.selected = true;
    else mark(box, [name]);
  },
  several: mark,
  order: (box, names) => {
    const lines = [...box.querySelectorAll("[data-name]")];
    lines.sort((one, other) => names.indexOf(one.dataset.name) - names.indexOf(other.dataset.name));
    lines[0].parentElement.append(...lines);
  },
  day: (box, day) => (box.querySelector("input").value = day),
  text: (box, words) => (box.querySelector("textarea").value = words),
  number: (box, number) => (box.querySelector("input").value = number),
  sort: (box, columns) => {
    for (const row of box.querySelectorAll("[data-row]"))
      WRITE.one(row, columns[row.dataset.row] ?? "");
  },
};

// Where a person is, and what they chose but did not send, outlives a look at another step, a change
// of language and a reload: it is kept in the browser until the tab is closed.
function shelf(slug) {
  const name = `casemodels ${slug}`;
  const empty = { step: "", drafts: {} };
  try {
    const kept = { ...empty, ...JSON.parse(sessionStorage.getItem(name)) };
    return { kept, save: () => sessionStorage.setItem(name, JSON.stringify(kept)) };
  } catch {
    return { kept: empty, save: () => {} }; // the browser keeps nothing for anybody
  }
}

// A form under “Decide anew” starts from the answer given, not from a draft.
function draftOf(root) {
  const form = root.querySelector("form[data-step]");
  return form?.closest("details") ? null : form;
}

function restore(form, draft) {
  for (const box of form.querySelectorAll("[data-field]"))
    if (box.dataset.field in draft) WRITE[box.dataset.kind](box, draft[box.dataset.field]);
}

// The first line cannot go up and the last not down: say so, and keep the buttons where they are.
function limit(list) {
  const lines = [...list.querySelectorAll("[data-name]")];
  lines.forEach((line, place) => {
    const [up, down] = line.querySelectorAll("[data-move]");
    up.setAttribute("aria-disabled", place === 0);
    down.setAttribute("aria-disabled", place === lines.length - 1);
  });
}

function move(button, live) {
  const here = button.closest("[data-name]");
  const there = button.dataset.move === "1" ? here.nextElementSibling : here.previousElementSibling;
  if (!there) return;
  there[button.dataset.move === "1" ? "after" : "before"](here);
  limit(here.parentElement);
  button.focus();
  const place = [...here.parentElement.children].indexOf(here) + 1;
  live.textContent = button.dataset.now
    .replace("{title}", button.dataset.title)
    .replace("{number}", place);
}

function render({ model, el }) {
  const { kept, save } = shelf(model.get("view").case);
  const live = document.createElement("div");
  const drawn = el.querySelector("[data-drawn]"); // the server has drawn the first page already
  const root = drawn ?? document.createElement("div");
  live.className = "cm-visually-hidden";
  live.setAttribute("role", "status");
  el.classList.add("cm", "cm-walk");
  el.append(live, root);

  const send = (message) => model.send(message);

  function draw(first) {
    const view = model.get("view");
    delete kept.drafts[view.answered];
    el.lang = view.lang;
    if (!(first && drawn)) root.innerHTML = view.html;
    const form = draftOf(root);
    if (form?.dataset.step in kept.drafts) restore(form, kept.drafts[form.dataset.step]);
    root.querySelectorAll(".cm-arrange").forEach(limit);
    if (first && kept.step && kept.step !== view.step) return send({ do: "go", step: kept.step });
    kept.step = view.step;
    save();
    if (first) return;
    live.textContent = view.said;
    const target = root.querySelector(`#${view.focus}`) ?? root.querySelector("#cm-title");
    target?.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }

  function keep() {
    const form = draftOf(root);
    if (form) kept.drafts[form.dataset.step] = answer(form);
    save();
  }

  // From a mistake to the question it speaks of.
  function jump(field) {
    const box = root.querySelector(`[data-field="${CSS.escape(field)}"]`);
    box?.scrollIntoView({ block: "start" });
    box?.querySelector("input, select, textarea, button")?.focus({ preventScroll: true });
  }

  function restart() {
    kept.drafts = {};
    send({ do: "restart", id: number() });
  }

  root.addEventListener("input", keep);

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.go) send({ do: "go", step: button.dataset.go });
    else if ("undo" in button.dataset) send({ do: "undo", id: number() });
    else if (button.dataset.read) send({ do: "answer", step: button.dataset.read, answer: {}, id: number() });
    else if (button.dataset.jump) jump(button.dataset.jump);
    else if (button.dataset.language) send({ do: "speak", language: button.dataset.language });
    else if (button.dataset.move) {
      move(button, live);
      keep();
    } else if (button.dataset.restart && confirm(button.dataset.restart)) restart();
  });

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter ?? event.target.querySelector("[type=submit]");
    if (button.getAttribute("aria-disabled") === "true") return; // a second tap on a slow network
    const words = button.textContent;
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.sending;
    setTimeout(() => {
      button.removeAttribute("aria-disabled");
      button.textContent = words;
    }, ANSWER_WITHIN);
    const step = event.target.dataset.step;
    send({ do: "answer", step, answer: answer(event.target), id: number() });
  });

  model.on("change:view", () => draw(false));
  draw(true);
}

export default { render };
