// SPDX-License-Identifier: GPL-3.0-or-later
import { enter, network, room } from "./enter.js";

const output = document.querySelector("output");

enter((cometd) => {
  cometd.subscribe(`/chat/${network}/${room}`, ({ data }) => {
    const count = data.ev === "said" && /^count (\d+)$/.exec(data.text);
    if (count) output.textContent = count[1];
  });
});
