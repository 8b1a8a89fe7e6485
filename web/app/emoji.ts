// SPDX-License-Identifier: GPL-3.0-or-later
//
// Emoji by name: those people write, under the names they know from elsewhere.
const table = (
  "grinning 😀 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 joy 😂 rofl 🤣 slight_smile 🙂 " +
  "upside_down 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star_struck 🤩 kiss 😘 yum 😋 " +
  "stuck_out_tongue 😛 zany 🤪 hug 🤗 hand_over_mouth 🤭 shush 🤫 thinking 🤔 zipper_mouth 🤐 " +
  "raised_eyebrow 🤨 neutral 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 roll_eyes 🙄 " +
  "grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷 nauseated 🤢 sneezing 🤧 hot 🥵 " +
  "cold 🥶 woozy 🥴 dizzy_face 😵 exploding_head 🤯 cowboy 🤠 partying 🥳 sunglasses 😎 nerd 🤓 " +
  "monocle 🧐 confused 😕 worried 😟 frowning 🙁 open_mouth 😮 astonished 😲 flushed 😳 pleading 🥺 " +
  "fearful 😨 cold_sweat 😰 cry 😢 sob 😭 scream 😱 confounded 😖 persevere 😣 disappointed 😞 sweat 😓 " +
  "weary 😩 tired 😫 yawning 🥱 triumph 😤 rage 😡 angry 😠 cursing 🤬 smiling_imp 😈 skull 💀 poop 💩 " +
  "clown 🤡 ghost 👻 alien 👽 robot 🤖 cat 😺 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 " +
  "love_letter 💌 broken_heart 💔 heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 " +
  "blue_heart 💙 purple_heart 💜 black_heart 🖤 100 💯 anger 💢 boom 💥 dizzy 💫 sweat_drops 💦 dash 💨 " +
  "speech_balloon 💬 zzz 💤 wave 👋 raised_hand ✋ vulcan 🖖 ok_hand 👌 pinched 🤌 victory ✌️ " +
  "crossed_fingers 🤞 love_you 🤟 metal 🤘 call_me 🤙 point_left 👈 point_right 👉 point_up 👆 " +
  "point_down 👇 thumbsup 👍 thumbsdown 👎 fist ✊ punch 👊 clap 👏 raised_hands 🙌 open_hands 👐 " +
  "handshake 🤝 pray 🙏 writing ✍️ muscle 💪 brain 🧠 eyes 👀 eye 👁️ baby 👶 person 🧑 shrug 🤷 " +
  "facepalm 🤦 bow 🙇 runner 🏃 dancer 💃 family 👪 footprints 👣 monkey 🐒 dog 🐶 fox 🦊 cat_face 🐱 " +
  "lion 🦁 tiger 🐯 horse 🐴 unicorn 🦄 cow 🐮 pig 🐷 mouse 🐭 rabbit 🐰 bear 🐻 panda 🐼 koala 🐨 " +
  "chicken 🐔 penguin 🐧 bird 🐦 owl 🦉 frog 🐸 turtle 🐢 snake 🐍 dragon 🐉 whale 🐳 dolphin 🐬 fish 🐟 " +
  "octopus 🐙 snail 🐌 butterfly 🦋 bug 🐛 ant 🐜 bee 🐝 spider 🕷️ bouquet 💐 cherry_blossom 🌸 rose 🌹 " +
  "sunflower 🌻 tulip 🌷 seedling 🌱 tree 🌳 cactus 🌵 four_leaf_clover 🍀 maple_leaf 🍁 mushroom 🍄 " +
  "grapes 🍇 melon 🍈 watermelon 🍉 lemon 🍋 banana 🍌 pineapple 🍍 apple 🍎 peach 🍑 cherries 🍒 " +
  "strawberry 🍓 tomato 🍅 avocado 🥑 carrot 🥕 corn 🌽 bread 🍞 croissant 🥐 cheese 🧀 egg 🥚 burger 🍔 " +
  "fries 🍟 pizza 🍕 taco 🌮 sushi 🍣 ramen 🍜 spaghetti 🍝 cookie 🍪 cake 🍰 birthday 🎂 chocolate 🍫 " +
  "candy 🍬 honey 🍯 coffee ☕ tea 🍵 beer 🍺 beers 🍻 wine 🍷 cocktail 🍸 champagne 🍾 globe 🌍 map 🗺️ " +
  "mountain ⛰️ beach 🏖️ house 🏠 office 🏢 hospital 🏥 school 🏫 castle 🏰 tent ⛺ city 🌆 train 🚆 " +
  "bus 🚌 taxi 🚕 car 🚗 bike 🚲 airplane ✈️ rocket 🚀 ufo 🛸 ship 🚢 anchor ⚓ construction 🚧 " +
  "hourglass ⌛ watch ⌚ alarm ⏰ moon 🌙 sun ☀️ star ⭐ stars 🌠 comet ☄️ cloud ☁️ rain 🌧️ snow ❄️ " +
  "snowman ⛄ lightning ⚡ fire 🔥 droplet 💧 ocean 🌊 rainbow 🌈 umbrella ☔ jack_o_lantern 🎃 " +
  "christmas_tree 🎄 fireworks 🎆 sparkles ✨ balloon 🎈 tada 🎉 confetti 🎊 gift 🎁 ribbon 🎀 " +
  "ticket 🎫 trophy 🏆 medal 🏅 soccer ⚽ basketball 🏀 tennis 🎾 dart 🎯 video_game 🎮 dice 🎲 " +
  "puzzle 🧩 chess ♟️ art 🎨 guitar 🎸 musical_note 🎵 headphones 🎧 microphone 🎤 movie 🎬 camera 📷 " +
  "tv 📺 radio 📻 phone 📞 computer 💻 keyboard ⌨️ printer 🖨️ floppy 💾 cd 💿 battery 🔋 plug 🔌 " +
  "bulb 💡 flashlight 🔦 candle 🕯️ book 📖 books 📚 newspaper 📰 bookmark 🔖 money 💰 credit_card 💳 " +
  "email 📧 inbox 📥 package 📦 pencil ✏️ memo 📝 calendar 📅 chart 📈 pushpin 📌 paperclip 📎 " +
  "scissors ✂️ wastebasket 🗑️ lock 🔒 unlock 🔓 key 🔑 hammer 🔨 wrench 🔧 gear ⚙️ link 🔗 " +
  "test_tube 🧪 microscope 🔬 telescope 🔭 satellite 📡 pill 💊 door 🚪 bed 🛏️ warning ⚠️ no_entry ⛔ " +
  "recycle ♻️ check ✅ x ❌ question ❓ exclamation ❗ plus ➕ minus ➖ infinity ♾️ copyright ©️ " +
  "red_circle 🔴 green_circle 🟢 blue_circle 🔵 flag 🏁 white_flag 🏳️ rainbow_flag 🏳️‍🌈 " +
  "pirate 🏴‍☠️"
).split(" ");

const byName = new Map<string, string>();
for (let i = 0; i + 1 < table.length; i += 2) byName.set(table[i] as string, table[i + 1] as string);

export { quickReactions } from "./quick_reactions.ts";

// "sign name", those that begin with the stem first.
export function emojiNamed(stem: string): string[] {
  const names = [...byName.keys()];
  const first = names.filter((name) => name.startsWith(stem));
  const rest = names.filter((name) => name.includes(stem) && !name.startsWith(stem));
  return [...first, ...rest].map((name) => `${byName.get(name)} ${name}`);
}
