// SPDX-License-Identifier: GPL-3.0-or-later
import { append, colourOf, enter, network, room } from "./enter.js";

const channel = `/chat/${network}/${room}`;
const lines = document.querySelector("ol");
const form = document.querySelector("form");

function add(text, from) {
  const line = append(lines, "li", "");
  if (from) append(line, "b", from).style.color = colourOf(from);
  else line.className = "quiet";
  line.append(text);
  lines.scrollTop = lines.scrollHeight;
}

function show({ data }) {
  if (data.ev === "said") add(data.text, data.from);
  if (data.ev === "joined") add(`${data.from} is here`);
  if (data.ev === "left") add(`${data.from} has gone`);
  if (data.ev === "gap") add("some lines are missing");
}

const cometd = enter(() => cometd.subscribe(channel, show));

form.onsubmit = (event) => {
  event.preventDefault();
  const { value } = form.text;
  if (!value) return;
  cometd.publish(channel, { text: value }, (reply) => {
    if (!reply.successful) add(`not said: ${reply.ext?.chat?.error?.text ?? reply.error}`);
  });
  form.reset();
};
