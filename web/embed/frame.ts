// SPDX-License-Identifier: GPL-3.0-or-later
//
// The page of a frame, /embed/<network>/<room>?theme=dark&nick=ada...: one room that fills it.
import "./main.ts";

const page = new CSSStyleSheet();
page.replaceSync("html,body{margin:0;height:100%}halley-room{height:100%;min-height:0}");
document.adoptedStyleSheets.push(page);

const [network = "", room = ""] = location.pathname.split("/").slice(2).map(decodeURIComponent);
const element = document.createElement("halley-room");
// Not the gateway: another one would be another site's business.
for (const name of ["nick", "theme", "accent", "readonly", "layout", "members", "lang", "consent"]) {
  const value = new URLSearchParams(location.search).get(name);
  if (value !== null) element.setAttribute(name, value);
}
element.setAttribute("network", network);
element.setAttribute("room", room);
document.title = room;
document.documentElement.lang = element.getAttribute("lang") ?? "en";
document.body.append(element);
