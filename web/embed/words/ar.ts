// SPDX-License-Identifier: GPL-3.0-or-later
//
// Arabic.
import taken from "halley:words/ar";
import type { OwnWords } from "./en.ts";

const own: OwnWords = {
  title: "محادثة {0}",
  join: "انضم إلى المحادثة",
  joinAs: "انضم باسم {0}",
  readAlong: "القراءة فقط",
  reading: "أنت تتابع القراءة.",
  here:
    "{0, plural, =0 {لا أحد هنا الآن} one {شخص واحد هنا الآن} two {شخصان هنا الآن} few {# أشخاص هنا الآن} many {# شخصاً هنا الآن} other {# شخص هنا الآن}}",
  invite: "لا حاجة إلى حساب. اختر اسماً وستكون معنا.",
  consent: "تدير هذه المحادثة {0}. لن يُرسل إليها شيء قبل موافقتك.",
  agree: "عرض المحادثة",
  open: "فتح في نافذة مستقلة",
  membersOnly: "هذه المحادثة لأصحاب الحسابات.",
  noNetwork: "لا توجد في هذه البوابة شبكة باسم {0}.",
  unnamed: "تحتاج المحادثة إلى معرفة مكانها: network=\"...\" و room=\"...\".",
  site: "هذه المحادثة غير متاحة بعد لـ {0}.",
  siteHow: "إن كنت تدير البوابة: أضف هذا إلى قسم [http] في ملف halley.toml ثم أعد تشغيلها.",
  sandbox: "هذه المحادثة داخل إطار معزول. أضف allow-same-origin إلى خاصية sandbox للإطار.",
  broken: "تعذر تحميل هذا الجزء من المحادثة. أعد تحميل الصفحة.",
  noCommand: "لا أوامر هنا سوى /me. ابدأ بـ // لإرسال سطر يبدأ بـ /.",
  key: "كلمة مرور الغرفة",
  older: "عرض الرسائل السابقة",
  someOne: "أحدهم",
};

export const all = { ...taken, ...own };
