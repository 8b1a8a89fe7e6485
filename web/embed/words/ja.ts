// SPDX-License-Identifier: GPL-3.0-or-later
//
// Japanese.
import taken from "halley:words/ja";
import type { OwnWords } from "./en.ts";

const own: OwnWords = {
  title: "{0} のチャット",
  join: "チャットに参加",
  joinAs: "{0} として参加",
  readAlong: "読むだけ",
  reading: "閲覧中です。",
  here: "{0, plural, =0 {今は誰もいません} other {今 # 人がいます}}",
  invite: "アカウントは不要です。名前を決めるだけで参加できます。",
  consent: "このチャットは {0} が運営しています。同意するまで何も送信されません。",
  agree: "チャットを表示",
  open: "別のウィンドウで開く",
  membersOnly: "このチャットはアカウントのある人専用です。",
  noNetwork: "このゲートウェイに {0} というネットワークはありません。",
  unnamed: "場所の指定が必要です: network=\"...\" と room=\"...\"。",
  site: "このチャットはまだ {0} に公開されていません。",
  siteHow: "ゲートウェイの管理者の方へ: halley.toml の [http] に次の行を加えて再起動してください。",
  sandbox: "このフレームには独自のオリジンがありません。sandbox に allow-same-origin を加えてください。",
  broken: "この部分を読み込めませんでした。ページを再読み込みしてください。",
  noCommand: "使えるコマンドは /me だけです。/ で始まる行を送るには // で始めてください。",
  key: "ルームのパスワード",
  older: "以前のメッセージを表示",
  someOne: "誰か",
};

export const all = { ...taken, ...own };
