// SPDX-License-Identifier: GPL-3.0-or-later
//
// The published vectors of names in channels, on the implementation for pages.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { personSegment, roomSegment } from "../../../web/demo/bayeux/names.js";

const here = dirname(fileURLToPath(import.meta.url));
const vectors = JSON.parse(readFileSync(join(here, "../../support/bayeux_names.json"), "utf8"));

for (const kind of ["irc", "xmpp"])
  test(`names on ${kind}`, () => {
    const network = { kind, service: vectors[kind].muc_service };
    for (const [name, segment] of Object.entries(vectors[kind].rooms))
      assert.equal(roomSegment(name, network), segment);
    for (const [name, segment] of Object.entries(vectors[kind].people))
      assert.equal(personSegment(name, network), segment);
  });
