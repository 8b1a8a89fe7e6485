// SPDX-License-Identifier: GPL-3.0-or-later
import { append, enter, network, nick } from "./enter.js";

const list = document.querySelector("ol");
const cometd = enter(() => {});

function ask(verb, data, print) {
  const line = append(list, "li", `${verb} ...`);
  list.prepend(line); // the newest first
  line.className = "waits";
  const begin = performance.now();
  cometd.remoteCall(`${network}/${verb}`, data, 30000, (answer) => {
    const said = answer.successful ? print(answer.data) : answer.data?.error?.text ?? answer.error;
    line.className = "";
    line.textContent = `${verb}: ${said}`;
    append(line, "time", `${Math.round(performance.now() - begin)} ms`);
  });
}

// More questions at once than an IRC network lets through: the last ones have to wait.
document.querySelector("#slow").onclick = () => {
  for (let i = 0; i < 16; ++i)
    ask("whois", { nick }, ({ person }) => `${person.nick} is ${person.user}@${person.host}`);
};
document.querySelector("#quick").onclick = () => ask("ping", {}, () => "pong");
