// SPDX-License-Identifier: GPL-3.0-or-later
//
// A short word at the foot of the page about something that was just done, with one way to undo it.
import { wear } from "./sheets.ts";
import css from "./toast.css";

wear(css);

const stays = 10000; // ms

let gone: ReturnType<typeof setTimeout> | undefined;

// `undo` resolves with what went wrong, or "".
export function offer(text: string, label: string, undo: () => Promise<string>): void {
  clearTimeout(gone);
  document.querySelector(".toast")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "status");
  const button = document.createElement("button");
  button.className = "small";
  button.textContent = label;
  button.onclick = () => {
    void undo().then((problem) => {
      if (problem) toast.textContent = problem;
      else toast.remove();
    });
  };
  toast.append(text, button);
  document.body.append(toast);
  gone = setTimeout(() => toast.remove(), stays);
}
