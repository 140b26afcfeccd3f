// VLibras, on pages where its script was let in: loaded before this one.
if (window.VLibras) new window.VLibras.Widget("https://vlibras.gov.br/app");
