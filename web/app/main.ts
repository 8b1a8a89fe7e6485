import "../client/index.ts"; console.log(1);
