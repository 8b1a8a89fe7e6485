// SPDX-License-Identifier: GPL-3.0-or-later
//
// XML namespaces this room speaks.
#pragma once

namespace halley::xmpp::ns {

inline constexpr const char* sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
inline constexpr const char* tls = "urn:ietf:params:xml:ns:xmpp-tls";
inline constexpr const char* stanza_errors = "urn:ietf:params:xml:ns:xmpp-stanzas";
inline constexpr const char* sm = "urn:xmpp:sm:3";  // XEP-0198
inline constexpr const char* roster = "jabber:iq:roster";
inline constexpr const char* registration = "jabber:iq:register";  // XEP-0077
inline constexpr const char* version = "jabber:iq:version";        // XEP-0092
inline constexpr const char* vcard = "vcard-temp";                 // XEP-0054
inline constexpr const char* disco_info = "http://jabber.org/protocol/disco#info";
inline constexpr const char* disco_items = "http://jabber.org/protocol/disco#items";
inline constexpr const char* muc = "http://jabber.org/protocol/muc";  // XEP-0045
inline constexpr const char* muc_user = "http://jabber.org/protocol/muc#user";
inline constexpr const char* muc_admin = "http://jabber.org/protocol/muc#admin";
inline constexpr const char* muc_owner = "http://jabber.org/protocol/muc#owner";
inline constexpr const char* direct_invite = "jabber:x:conference";                  // XEP-0249
inline constexpr const char* data_form = "jabber:x:data";                            // XEP-0004
inline constexpr const char* rsm = "http://jabber.org/protocol/rsm";                 // XEP-0059
inline constexpr const char* chat_states = "http://jabber.org/protocol/chatstates";  // XEP-0085
inline constexpr const char* ping = "urn:xmpp:ping";                                 // XEP-0199
inline constexpr const char* delay = "urn:xmpp:delay";                               // XEP-0203
inline constexpr const char* carbons = "urn:xmpp:carbons:2";                         // XEP-0280
inline constexpr const char* forward = "urn:xmpp:forward:0";                         // XEP-0297
inline constexpr const char* correct = "urn:xmpp:message-correct:0";                 // XEP-0308
inline constexpr const char* mam = "urn:xmpp:mam:2";                                 // XEP-0313
inline constexpr const char* pubsub = "http://jabber.org/protocol/pubsub";           // XEP-0060
inline constexpr const char* pubsub_event = "http://jabber.org/protocol/pubsub#event";
inline constexpr const char* publish_options = "http://jabber.org/protocol/pubsub#publish-options";
inline constexpr const char* displayed = "urn:xmpp:mds:displayed:0";                 // XEP-0490
inline constexpr const char* displayed_notify = "urn:xmpp:mds:displayed:0+notify";
inline constexpr const char* caps = "http://jabber.org/protocol/caps";               // XEP-0115
inline constexpr const char* json = "urn:xmpp:json:0";                               // XEP-0335
inline constexpr const char* json_message = "urn:xmpp:json-msg:0";                   // XEP-0432
inline constexpr const char* csi = "urn:xmpp:csi:0";                                 // XEP-0352
inline constexpr const char* stanza_id = "urn:xmpp:sid:0";                           // XEP-0359
inline constexpr const char* styling = "urn:xmpp:styling:0";                         // XEP-0393
inline constexpr const char* retract = "urn:xmpp:message-retract:1";                 // XEP-0424
inline constexpr const char* retract_0 = "urn:xmpp:message-retract:0";
inline constexpr const char* fasten = "urn:xmpp:fasten:0";              // XEP-0422
inline constexpr const char* moderate = "urn:xmpp:message-moderate:1";  // XEP-0425
inline constexpr const char* moderate_0 = "urn:xmpp:message-moderate:0";
inline constexpr const char* fallback = "urn:xmpp:fallback:0";    // XEP-0428
inline constexpr const char* hints = "urn:xmpp:hints";            // XEP-0334
inline constexpr const char* reactions = "urn:xmpp:reactions:0";  // XEP-0444
inline constexpr const char* reply = "urn:xmpp:reply:0";          // XEP-0461

}  // namespace halley::xmpp::ns
