// SPDX-License-Identifier: GPL-3.0-or-later
//
// <script src=".../embed-classic.js" data-network data-room>: for pages that allow nothing but a script. Puts
// the room where the script stands; with data-frame inside a frame, where no style and no script of the
// page reaches it. Everything else in data-* becomes an attribute.
const script = document.currentScript as HTMLScriptElement | null;
if (script) {
  const gateway = new URL(".", script.src).href.slice(0, -1);
  const { network = "", room = "", height, frame, ...others } = script.dataset;
  if (frame === undefined) {
    const element = document.createElement("halley-room");
    for (const [name, value] of Object.entries(script.dataset)) element.setAttribute(name, value ?? "");
    // Its place is taken before its code is here.
    element.style.display = "block";
    element.style.blockSize = /^\d+$/.test(height ?? "") ? `${height}px` : (height ?? "480px");
    script.after(element);
    void import(`${gateway}/embed.js`);
  } else {
    const shown = document.createElement("iframe");
    const asked = new URLSearchParams(others as Record<string, string>);
    shown.src = `${gateway}/embed/${encodeURIComponent(network)}/${encodeURIComponent(room)}?${asked}`;
    shown.title = room;
    shown.style.cssText = "border:0;display:block;inline-size:100%";
    shown.style.blockSize = /^\d+$/.test(height ?? "") ? `${height}px` : (height ?? "480px");
    script.after(shown);
  }
}
