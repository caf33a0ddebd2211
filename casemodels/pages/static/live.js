// Brings the page of a case to life. The page is drawn already and can be read; here its stages get
// an ear, and a line to the kernel that answers them. The line may be cut and the kernel may go at
// any time: what was said and not heard is said again, with the number it had, to the next one.

const CALM = 15_000; // ms between two questions whether the server is still there
const RETRY = [500, 1_000, 2_000, 4_000]; // ms; then again and again
const OPENS_WITHIN = 20_000; // ms for a line
const SITS_WITHIN = 90_000; // ms for a kernel; a crowd arrives together
const SILENT = 30_000; // ms without an answer on an open line; then it is taken for dead
const KERNEL_ENDED = 4001; // why the server closes a line
const PROTOCOL = "5.3"; // of Jupyter's messages
const DECISIONS = ["answer", "undo", "restart"];

const part = (id) => document.getElementById(id);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const number = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
const page = JSON.parse(part("sitting").textContent);

// One thing at a time is said above the page.
const NOTICES = ["lost", "waiting", "stuck"];
function show(place, words = "") {
  for (const other of NOTICES) if (other !== place) part(other)?.replaceChildren();
  const box = part(place);
  if (box && !box.hasChildNodes()) box.append(part(`${place}-words`).content.cloneNode(true));
  if (words) part(`${place}-place`).textContent = words;
}

// A page that is not let in any more says so by itself, once it is asked for again. But not for ever.
function reload() {
  const name = "casemodels reloaded";
  try {
    if (Date.now() - (sessionStorage.getItem(name) ?? 0) < CALM) return;
    sessionStorage.setItem(name, Date.now());
  } catch {
    return; // the browser keeps nothing for anybody
  }
  location.reload();
}

const decides = (message) => DECISIONS.includes(message.do);
const alike = (one, other) =>
  JSON.stringify([one.do, one.step, one.answer]) === JSON.stringify([other.do, other.step, other.answer]);

// What walk.js asks of a widget's model, answered here without a widget manager.
class Model {
  constructor(view) {
    this.view = view;
    this.id = ""; // of the comm in the kernel; empty while there is none
    this.unheard = []; // what nobody has answered yet: a decision, and a wish to see something
    this.since = 0; // when something was said last
    this.known = [view.latest]; // the decision that is shown, and those that are on their way
    this.listeners = [];
    const kept = this.remembered();
    if (kept && kept.id !== view.latest) this.wait(kept);
    this.remember();
  }
  get() {
    return this.view;
  }
  on(_, listener) {
    this.listeners.push(listener);
  }

  send(message) {
    const before = this.unheard.find((one) => alike(one, message)); // somebody has tapped twice
    if (!before) this.wait({ id: number(), ...message, ...(decides(message) && { after: this.known }) });
    line.tell(this, before ?? this.unheard.at(-1));
  }

  // The latest counts: a decision overtakes what was asked before it, a wish only other wishes.
  wait(message) {
    this.unheard = this.unheard.filter((one) => decides(one) && !decides(message));
    this.unheard.push(message);
    if (decides(message)) this.known = [...this.known, message.id];
    this.remember();
  }

  take(view) {
    const news = view.html !== this.view.html || view.heard !== this.view.heard;
    this.view = view;
    this.unheard = this.unheard.filter((one) => one.id !== view.heard);
    this.known = [view.latest, ...this.unheard.filter(decides).map((one) => one.id)];
    this.remember();
    if (news) for (const listener of this.listeners) listener();
  }

  // What was decided while nobody answered outlives a reload: it is said again by the next page.
  get shelf() {
    return `casemodels unheard ${page.who} ${this.view.case}`;
  }
  remember() {
    const decision = this.unheard.find(decides);
    try {
      if (decision) sessionStorage.setItem(this.shelf, JSON.stringify(decision));
      else sessionStorage.removeItem(this.shelf);
    } catch {} // the browser keeps nothing for anybody
  }
  remembered() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.shelf));
      return kept && decides(kept) && typeof kept.id === "string" ? kept : null;
    } catch {
      return null;
    }
  }
}

class Line {
  constructor() {
    this.socket = null;
    this.opening = null;
    this.sitting = null; // the kernel at the other end, and the names of its stages
    this.session = number();
    this.silences = 0;
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  tell(model, message) {
    if (this.open) this.say(model, message);
    else this.ensure();
  }

  say(model, message) {
    model.since = Date.now();
    const header = {
      msg_id: number(),
      msg_type: "comm_msg",
      session: this.session,
      username: "",
      version: PROTOCOL,
      date: new Date().toISOString(),
    };
    const content = { comm_id: model.id, data: { method: "custom", content: message } };
    this.socket.send(
      JSON.stringify({ header, content, parent_header: {}, metadata: {}, channel: "shell", buffers: [] }),
    );
  }

  // One at a time, and until it is open: what a person did is not given up.
  ensure() {
    this.opening ??= this.keepTrying().finally(() => (this.opening = null));
    return this.opening;
  }

  async keepTrying() {
    for (let tries = 0; ; tries++) {
      const trouble = await this.attempt();
      if (this.open) break;
      if (trouble && (trouble.place !== "lost" || tries > 0)) show(trouble.place, trouble.words);
      // Not all pages of a room ask at the same moment.
      await sleep(RETRY[Math.min(tries, RETRY.length - 1)] * (0.5 + Math.random()));
    }
    show("");
    for (const model of models) for (const message of model.unheard) this.say(model, message);
  }

  // What to say where there is no line to be had.
  async attempt() {
    try {
      // Where only the network was away, the kernel of before is still there.
      if (this.sitting && (await this.connect())) return null;
      this.sitting = null;
      const reply = await this.sit();
      if (reply.status === 503) return { place: "waiting", words: (await reply.json()).words };
      if (reply.status === 500) return { place: "stuck" };
      const sitting = reply.ok ? await reply.json() : { models: [] };
      if (sitting.models.length === models.length) {
        this.sitting = sitting;
        if (await this.connect()) return null;
      } else reload(); // not let in, gone, or another page by now
    } catch {}
    return { place: "lost" };
  }

  // A kernel that has run this page's notebook for this visitor.
  sit() {
    return fetch(page.sitting, {
      method: "POST",
      headers: { "X-XSRFToken": page.xsrf },
      cache: "no-store",
      signal: AbortSignal.timeout(SITS_WITHIN),
    });
  }

  connect() {
    const { kernel, models: names, cells } = this.sitting;
    for (const [place, html] of Object.entries(cells)) {
      const cell = document.querySelector(`[data-cell="${CSS.escape(place)}"]`);
      if (cell && !cell.querySelector("[data-stage]")) cell.outerHTML = html;
    }
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const address = `${scheme}://${location.host}/api/kernels/${kernel}/channels?session_id=${this.session}`;
    return new Promise((done) => {
      const socket = new WebSocket(address);
      const alarm = setTimeout(() => socket.close(), OPENS_WITHIN);
      socket.onopen = () => {
        clearTimeout(alarm);
        this.socket = socket;
        models.forEach((model, place) => (model.id = names[place] ?? ""));
        done(true);
      };
      socket.onmessage = (event) => this.hear(event.data);
      socket.onclose = (event) => {
        clearTimeout(alarm);
        done(false);
        if (this.socket === socket) this.closed(event.code);
      };
    });
  }

  hear(said) {
    const message = typeof said === "string" ? JSON.parse(said) : {};
    if (message.header?.msg_type !== "comm_msg") return;
    const { comm_id: id, data } = message.content;
    const view = data?.method === "update" ? data.state?.view : null;
    if (!view) return;
    this.silences = 0;
    models.find((model) => model.id === id)?.take(view);
  }

  // A kernel that was not needed has been sent to sleep, and nobody need notice. But what is on its
  // way has to arrive, and a server that is gone has to be said.
  closed(code) {
    this.socket = null;
    if (code === KERNEL_ENDED) this.sitting = null;
    if (models.some((model) => model.unheard.length)) this.ensure();
    else look();
  }

  // A line may be dead long before the browser knows: somebody walked out of the network and back.
  hangUpIfSilent() {
    const silent = (model) => model.unheard.length && Date.now() - model.since > SILENT;
    if (!this.open || !models.some(silent)) return;
    const dead = this.socket;
    if (++this.silences > 1) this.sitting = null; // it is not the line
    dead.onclose = null; // it may take its time
    dead.close();
    this.closed();
  }
}

async function answers() {
  try {
    return (await fetch("/health", { cache: "no-store", signal: AbortSignal.timeout(CALM) })).ok;
  } catch {
    return false;
  }
}

// Twice silent, and the page says so; it goes on asking, and says no more once it is answered.
let looking = false;
async function look() {
  if (looking || document.hidden) return;
  looking = true;
  if (!(await answers())) {
    await sleep(RETRY[1]);
    for (let tries = 1; !(await answers()); tries++) {
      show("lost");
      await sleep(RETRY[Math.min(tries, RETRY.length - 1)]);
    }
  }
  if (!line.opening) show("");
  line.hangUpIfSilent();
  looking = false;
}

// A kernel whose page is left ends. One that has something to answer yet is left to itself.
function leave() {
  if (!line.open || models.some((model) => model.unheard.length)) return;
  const form = new FormData();
  form.append("_xsrf", page.xsrf);
  navigator.sendBeacon(`/voila/api/shutdown/${line.sitting.kernel}`, form);
}

// A device of a group that is not at the keyboard follows what is decided on the one that is.
function follow() {
  const run = part("room-run");
  if (run && "follow" in run.dataset)
    new MutationObserver(() => models.forEach((model) => model.send({ do: "look" }))).observe(run, {
      childList: true,
      characterData: true,
      subtree: true,
    });
}

const line = new Line();
const places = [...document.querySelectorAll("[data-stage]")];
const models = page.views.map((view) => new Model(view));

if (places.length) {
  const { default: stage } = await import(page.script);
  places.forEach((el, place) => stage.render({ model: models[place], el }));
  line.ensure();
  setInterval(look, CALM);
  follow();
  window.addEventListener("offline", look);
  window.addEventListener("online", look);
  window.addEventListener("pagehide", leave);
  // A page brought back by the Back button may be behind, and its kernel has gone.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  // A phone that slept asks at once, before somebody types into a page that is cut off.
  document.addEventListener("visibilitychange", look);
}
