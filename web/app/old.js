// SPDX-License-Identifier: GPL-3.0-or-later
//
// For browsers that know no modules, and fetched by them only: says that they are too old. Their
// language is that of fifteen years ago, and the catalogues are not for them, so the words are here.
(function () {
  var texts = {
    en: "Your browser is too old for live chat.",
    de: "Dein Browser ist zu alt für den Live-Chat.",
    fr: "Votre navigateur est trop ancien pour le chat en direct.",
    es: "Tu navegador es demasiado antiguo para el chat en directo.",
    pt: "O seu navegador é demasiado antigo para o chat ao vivo.",
    ja: "お使いのブラウザーは古いため、ライブチャットを利用できません。",
    ar: "متصفحك قديم جداً ولا يدعم الدردشة المباشرة."
  };
  var asked = String(navigator.language || navigator.userLanguage).slice(0, 2).toLowerCase();
  var language = texts.hasOwnProperty(asked) ? asked : "en";
  var line = document.createElement("p");
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  line.appendChild(document.createTextNode(texts[language]));
  line.style.margin = "2em";
  line.style.font = "18px/1.5 sans-serif";
  document.body.appendChild(line);
})();
