/** The style of a page for screen and paper. It stands in the page itself, which needs nothing from elsewhere. */
export const pageStyle = `:root{color-scheme:light}
body{margin:2rem auto;max-width:75rem;padding:0 1rem;font:15px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;color:#1c2024;background:#fff}
h1{font-size:1.5rem}
h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid #d8dde3;white-space:pre-wrap;overflow-wrap:anywhere}
th{border-bottom:2px solid #7b8794;white-space:nowrap}
.right{text-align:right}
.fixed{font-family:ui-monospace,Consolas,monospace;font-size:.9em}
.good td:first-child{border-left:4px solid #2a7d46}
.bad td{background:#fdecea}
.bad td:first-child{border-left:4px solid #b3261e}
.doubt td:first-child{border-left:4px solid #b26a00}
.quiet td{color:#5f6b76}
.note{color:#3d4852}
.wide{max-width:none}
.wide th,.wide td{padding:.25rem .35rem;font-size:.85rem}
.wide th{white-space:normal;overflow-wrap:normal}
td.whole{white-space:pre;overflow-wrap:normal}
footer{margin-top:2rem;font-size:.8rem;color:#5f6b76}
@page wide{size:A4 landscape;margin:10mm}
@media print{@page{margin:12mm}body{margin:0;max-width:none;padding:0;font-size:10pt}thead{display:table-header-group}tr{break-inside:avoid}h2{break-after:avoid}.bad td{background:none;font-weight:600}.wide{page:wide}.wide th,.wide td{padding:.5mm 1mm;font-size:7pt;line-height:1.3}.wide .note{margin:1mm 0;font-size:8pt}}`;

/** SHA-256 of `pageStyle` in base64: the page's own policy allows this style and nothing else (CSP level 3, 6.7.3.3). */
export const pageStyleHash = 'tl1A1eCU7sfGNzyO2XygTonZ2n1F6+nM4vC/h+IWnmk=';
