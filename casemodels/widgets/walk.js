// Shows one step of a case and sends back what a person decides. All words come from Python; what
// is chosen is checked there. The page is plain HTML: this script only moves messages and focus.

const ANSWER_WITHIN = 15_000; // ms; after that the button works again and says so

const READ = {
  one: (box) => (box.querySelector("select") ?? box.querySelector("input:checked"))?.value ?? "",
  several: (box) => [...box.querySelectorAll("input:checked")].map((one) => one.value),
  order: (box) => [...box.querySelectorAll("[data-name]")].map((one) => one.dataset.name),
  day: (box) => box.querySelector("input").value,
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

// What was chosen but not sent is kept while a person looks at another step.
function keep(root, drafts) {
  const form = root.querySelector("form[data-step]");
  if (form) drafts.set(form.dataset.step, [...form.elements].map((one) => [one.checked, one.value]));
}

function restore(root, drafts) {
  const form = root.querySelector("form[data-step]");
  const kept = form && drafts.get(form.dataset.step);
  if (!kept || form.closest("details") || kept.length !== form.elements.length) return;
  [...form.elements].forEach((one, place) => {
    if (one.tagName === "BUTTON" || one.tagName === "FIELDSET") return;
    if (one.type === "radio" || one.type === "checkbox") one.checked = kept[place][0];
    else one.value = kept[place][1];
  });
}

function move(button, live) {
  const here = button.closest("[data-name]");
  const there = button.dataset.move === "1" ? here.nextElementSibling : here.previousElementSibling;
  if (!there) return;
  there[button.dataset.move === "1" ? "after" : "before"](here);
  button.focus();
  const number = [...here.parentElement.children].indexOf(here) + 1;
  live.textContent = button.dataset.now
    .replace("{title}", button.dataset.title)
    .replace("{number}", number);
}

function render({ model, el }) {
  const drafts = new Map();
  const live = document.createElement("div");
  const root = document.createElement("div");
  live.className = "cm-visually-hidden";
  live.setAttribute("role", "status");
  el.classList.add("cm", "cm-walk");
  el.append(live, root);

  const send = (message) => model.send(message);

  function draw(first) {
    const view = model.get("view");
    if (!first) keep(root, drafts);
    if (view.answered) drafts.delete(view.answered);
    el.lang = view.lang;
    root.innerHTML = view.html;
    restore(root, drafts);
    if (first) return;
    live.textContent = view.said;
    const target = root.querySelector(`#${view.focus}`) ?? root.querySelector("#cm-title");
    target?.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.go) send({ do: "go", step: button.dataset.go });
    else if (button.dataset.read) send({ do: "answer", step: button.dataset.read, answer: {} });
    else if (button.dataset.language) send({ do: "speak", language: button.dataset.language });
    else if (button.dataset.move) move(button, live);
    else if (button.dataset.restart && confirm(button.dataset.restart)) send({ do: "restart" });
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
    send({ do: "answer", step: event.target.dataset.step, answer: answer(event.target) });
  });

  model.on("change:view", () => draw(false));
  draw(true);
}

export default { render };
