// Brings the page of a case to life. The page is drawn already and can be read; here its stages get
// an ear, and a line to the kernel that answers them. The line may be cut and the kernel may go at
// any time, because nothing but what is on its way depends on them: the next message opens a new one.

const CALM = 15_000; // ms between two questions whether the server is still there
const RETRY = [500, 1_000, 2_000, 4_000]; // ms; then again and again
const PROTOCOL = "5.3"; // of Jupyter's messages

const part = (id) => document.getElementById(id);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const page = JSON.parse(part("sitting").textContent);

function show(place, words) {
  const box = part(place);
  if (box && !box.hasChildNodes()) box.append(part(words).content.cloneNode(true));
}

const hide = (place) => part(place)?.replaceChildren();

// What walk.js asks of a widget's model, answered here without a widget manager.
class Model {
  constructor(view) {
    this.view = view;
    this.id = ""; // of the comm in the kernel; empty while there is none
    this.pending = null; // a decision that nobody has acknowledged yet
    this.listeners = [];
  }
  get() {
    return this.view;
  }
  on(_, listener) {
    this.listeners.push(listener);
  }
  send(message) {
    if (message.id) this.pending = message;
    line.send(this, message);
  }
  take(view) {
    if (this.pending?.id === view.heard) this.pending = null;
    this.view = view;
    for (const listener of this.listeners) listener();
  }
}

class Line {
  constructor() {
    this.socket = null;
    this.opening = null;
    this.waiting = []; // [model, message], to be sent once the line is open
    this.session = Math.random().toString(36).slice(2);
    this.kernel = "";
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(model, message) {
    this.waiting = this.waiting.filter(([one, said]) => one !== model || said.id);
    this.waiting.push([model, message]);
    if (this.open) this.flush();
    else this.ensure();
  }

  flush() {
    for (const [model, message] of this.waiting.splice(0))
      if (model.id) this.say(model.id, { method: "custom", content: message });
  }

  say(id, data) {
    const header = {
      msg_id: Math.random().toString(36).slice(2),
      msg_type: "comm_msg",
      session: this.session,
      username: "",
      version: PROTOCOL,
      date: new Date().toISOString(),
    };
    const content = { comm_id: id, data };
    const message = { header, content, parent_header: {}, metadata: {}, channel: "shell", buffers: [] };
    this.socket.send(JSON.stringify(message));
  }

  // One at a time, and until it is open: what a person did is not given up.
  ensure() {
    this.opening ??= this.keepTrying().finally(() => (this.opening = null));
    return this.opening;
  }

  async keepTrying() {
    for (let tries = 0; !this.open; tries++) {
      try {
        await this.connect(await this.sit());
      } catch {
        if (tries > 0 && !part("waiting").hasChildNodes()) show("lost", "lost-words");
        await sleep(RETRY[Math.min(tries, RETRY.length - 1)]);
      }
    }
    hide("lost");
    hide("waiting");
    this.flush();
  }

  // A kernel that has run this page's notebook for this visitor.
  async sit() {
    const reply = await fetch(page.sitting, {
      method: "POST",
      headers: { "X-XSRFToken": page.xsrf },
      cache: "no-store",
    });
    if (reply.status === 503) {
      show("waiting", "waiting-words");
      part("waiting-place").textContent = (await reply.json()).words;
    }
    if (reply.status === 403 || reply.status === 404) location.reload(); // not let in, or gone
    if (!reply.ok) throw new Error(reply.status);
    return reply.json();
  }

  connect(sitting) {
    for (const [place, html] of Object.entries(sitting.cells)) {
      const cell = document.querySelector(`[data-cell="${CSS.escape(place)}"]`);
      if (cell && !cell.querySelector("[data-stage]")) cell.outerHTML = html;
    }
    this.kernel = sitting.kernel;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const address = `${scheme}://${location.host}/api/kernels/${this.kernel}/channels?session_id=${this.session}`;
    return new Promise((done, failed) => {
      const socket = new WebSocket(address);
      socket.onopen = () => {
        this.socket = socket;
        models.forEach((model, place) => {
          model.id = sitting.models[place] ?? "";
          const queued = this.waiting.some(([one, said]) => one === model && said === model.pending);
          if (model.pending && !queued) this.waiting.push([model, model.pending]);
        });
        done();
      };
      socket.onmessage = (event) => this.hear(JSON.parse(event.data));
      socket.onclose = () => {
        failed(new Error("closed"));
        if (this.socket === socket) this.closed();
      };
    });
  }

  hear(message) {
    if (message.header?.msg_type !== "comm_msg") return;
    const { comm_id: id, data } = message.content;
    const view = data?.method === "update" ? data.state?.view : null;
    if (view) models.find((model) => model.id === id)?.take(view);
  }

  // A kernel that was not needed has been sent to sleep, and nobody need notice. But what is on its
  // way has to arrive, and a server that is gone has to be said.
  closed() {
    this.socket = null;
    if (models.some((model) => model.pending)) this.ensure();
    else look();
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
      show("lost", "lost-words");
      await sleep(RETRY[Math.min(tries, RETRY.length - 1)]);
    }
  }
  if (!line.opening) hide("lost");
  looking = false;
}

function leave() {
  if (!line.open) return;
  const form = new FormData();
  form.append("_xsrf", page.xsrf);
  navigator.sendBeacon(`/voila/api/shutdown/${line.kernel}`, form);
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
  // A phone that slept asks at once, before somebody types into a page that is cut off.
  document.addEventListener("visibilitychange", look);
}
