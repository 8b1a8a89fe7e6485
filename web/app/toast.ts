// SPDX-License-Identifier: GPL-3.0-or-later
//
// A short word at the foot of the page about something that was just done, with one way to undo it.
import { wear } from "./sheets.ts";
import css from "./toast.css";

wear(css);

const stays = 10000; // ms

let gone: ReturnType<typeof setTimeout> | undefined;

// Without a way: a word alone. Returns how to take it away.
export function tell(text: string): () => void {
  clearTimeout(gone);
  document.querySelector(".toast")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "status");
  toast.append(text);
  document.body.append(toast);
  gone = setTimeout(() => toast.remove(), stays);
  return () => toast.remove();
}

// `undo` resolves with what went wrong, or "".
export function offer(text: string, label: string, undo: () => Promise<string>): void {
  tell(text);
  const toast = document.querySelector(".toast") as HTMLElement;
  const button = document.createElement("button");
  button.className = "small";
  button.textContent = label;
  button.onclick = () => {
    void undo().then((problem) => {
      if (problem) toast.textContent = problem;
      else toast.remove();
    });
  };
  toast.append(button);
}
