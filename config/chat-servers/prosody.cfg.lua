-- Prosody 0.12 for trying Halley out: accounts on @domain@, guests on guest.@domain@, rooms with
-- history on rooms.@domain@. Words between @ are filled in by `render`.
daemonize = false
pidfile = "@folder@/prosody.pid"
data_path = "@folder@/data"
certificates = "@folder@/certs"
log = { warn = "@folder@/data/prosody.log" }
network_backend = "epoll"
storage = "internal"

interfaces = { "@listen@" }
c2s_ports = { @port@ }
-- Alone: no federation, no browsers of its own.
s2s_ports = {}
http_ports = {}
https_ports = {}
c2s_direct_tls_ports = {}

-- Passwords travel in the clear between gateway and server: both are on one machine or in one
-- private network. Elsewhere give Prosody a certificate and Halley tls = "starttls".
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_hashed"
allow_registration = true

modules_enabled = {
  "roster", "saslauth", "disco", "presence", "message", "iq", "c2s", "posix", "ping", "time", "version",
  "smacks", "carbons", "mam", "blocklist", "pep", "vcard4", "vcard_legacy", "register",
}
-- limits counts everybody behind the gateway as one connection's worth of traffic.
modules_disabled = { "offline", "limits", "s2s", "tls" }

VirtualHost "@domain@"

VirtualHost "guest.@domain@"
  authentication = "anonymous"
  allow_registration = false

Component "rooms.@domain@" "muc"
  name = "Rooms"
  -- muc_moderation, of prosody-modules: moderators can take away what others said.
  modules_enabled = { "muc_mam", "muc_moderation" }
  restrict_room_creation = false
  muc_room_locking = false
  muc_room_default_public = true
  muc_room_default_persistent = true
  muc_log_by_default = true
  muc_log_all_rooms = true
  -- History is asked for (XEP-0313), which knows where the last visit ended.
  max_history_messages = 100
