/** The report's style sheet: readable on a phone, on a desk and on paper; no font and no file from outside. */
export const REPORT_STYLE = `
:root{--ink:#1c2024;--soft:#5b646d;--line:#d9dee3;--paper:#fff;--back:#f3f5f7;--accent:#b3261e;--link:#0b57a4}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);line-height:1.55;
font-family:"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}
main,header,footer{max-width:1180px;margin:0 auto;padding:16px}
h1{font-size:1.6rem;margin:.2em 0}h2{font-size:1.2rem;margin:1.4em 0 .5em}main h2:first-child{margin-top:0}h3{font-size:1.05rem;margin:0 0 .4em}
.en{color:var(--soft);font-size:.86em;font-weight:400}
a{color:var(--link)}
.caution{border-left:4px solid var(--accent);background:#fff4f3;padding:8px 12px;margin:10px 0}
.facts{display:flex;flex-wrap:wrap;gap:8px;padding:0;margin:12px 0;list-style:none}
.facts li{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:6px 12px}
.facts b{display:block;font-size:1.15rem}
.remarks{margin:6px 0;padding-left:1.3em;color:var(--soft);font-size:.9rem}
.swipe{position:relative;margin:0;background:#d6d6d6;overflow:hidden;border-radius:6px;width:100%;--x:50%}
.pane,.pane img,.pane svg{position:absolute;inset:0;width:100%;height:100%;display:block}
.pane.after{clip-path:inset(0 0 0 var(--x))}
.pane path{fill:none;vector-effect:non-scaling-stroke}
.pane .case{stroke:#000;stroke-opacity:.45}
.pane .patch path:last-child{fill:#ff2b2b;fill-opacity:.08}
.pane text{fill:#fff;stroke:#000;stroke-width:3px;paint-order:stroke;font-size:20px;font-weight:700;text-anchor:middle;dominant-baseline:central}
.date{position:absolute;top:8px;background:rgba(0,0,0,.64);color:#fff;padding:2px 8px;border-radius:4px;font-size:.85rem}
.date .en{color:#ddd}
.before .date{left:8px}.after .date{right:8px}
.swipe input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:ew-resize}
.pane.after,.pane.before{pointer-events:none}
.swipe input{z-index:1}
.hits{position:absolute;inset:0;width:100%;height:100%;z-index:3;pointer-events:none}
.hits a{pointer-events:auto}.hits path,.hits circle{fill:transparent}.hits a:hover circle,.hits a:focus circle{stroke:#ffd60a;stroke-width:3px}
.knob{position:absolute;z-index:2;top:0;bottom:0;left:var(--x);width:2px;background:#fff;box-shadow:0 0 3px #000;pointer-events:none}
.knob:after{content:"◂▸";position:absolute;top:50%;left:1px;transform:translate(-50%,-50%);background:#fff;color:#222;border-radius:14px;padding:2px 7px;font-size:13px;box-shadow:0 0 4px rgba(0,0,0,.5)}
.swipe input:focus-visible~.knob{background:#ffd60a;width:4px}
.bar{position:absolute;z-index:2;left:10px;bottom:8px;border:2px solid #fff;border-top:0;color:#fff;font-size:.78rem;text-align:center;line-height:1.2;text-shadow:0 0 3px #000,0 0 2px #000;pointer-events:none}
.hide-lines svg g:not(.patch){display:none}
.tools{display:flex;flex-wrap:wrap;gap:6px 18px;margin:8px 0;align-items:center;font-size:.9rem}
.key{display:inline-flex;gap:6px;align-items:center}.key i{display:inline-block;width:26px;height:0;border-top:3px solid;filter:drop-shadow(0 0 1px #000)}
.overviews{display:grid;gap:16px}.overviews .swipe{width:min(100%,calc(88vh*var(--ratio)));margin:0 auto}
.scroll{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{padding:7px 9px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;white-space:nowrap}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
td.wrap{white-space:normal;min-width:9em}
th{background:#eef1f4;position:sticky;top:0}
th button{all:unset;cursor:pointer;font-weight:600}th button:focus-visible{outline:2px solid var(--link);outline-offset:2px}
th[aria-sort=ascending] button:after{content:" ▲"}th[aria-sort=descending] button:after{content:" ▼"}
tbody tr:hover{background:#fafbe9}
.card{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:14px;margin:14px 0;display:grid;gap:16px;grid-template-columns:minmax(0,5fr) minmax(0,6fr)}
.card:target{border-color:var(--accent);box-shadow:0 0 0 2px var(--accent)}
.tag{display:inline-block;background:#fdeceb;color:#8c1d18;border-radius:4px;padding:1px 7px;margin:0 6px 4px 0}
.tag.lawful{background:#e8f4e8;color:#205c22}.tag.cannot-say{background:#eee;color:#444}
dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;margin:8px 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.parts{margin:8px 0;padding:0;list-style:none;font-size:.9rem}
.parts li{display:grid;grid-template-columns:7em 5.8em 1fr;gap:2px 8px;align-items:center}
.parts .meter{height:8px;background:#e4e8ec;border-radius:4px;overflow:hidden}.parts .meter i{display:block;height:100%;background:var(--accent)}
.parts b{white-space:nowrap}
.parts small{grid-column:1 / -1;color:var(--soft)}
.reasons{margin:6px 0;padding-left:1.3em}
.none{padding:24px;text-align:center;background:var(--paper);border:1px dashed var(--line);border-radius:8px}
@media (max-width:760px){.card{grid-template-columns:minmax(0,1fr)}main,header,footer{padding:10px}h1{font-size:1.3rem}}
@media print{body{background:#fff}.tools,.knob,.hits,.swipe input{display:none}
.swipe{aspect-ratio:auto!important;display:grid;grid-template-columns:1fr 1fr;gap:4px;background:none;max-height:none}
.overviews .swipe{width:100%}
.pane{position:relative;height:auto;clip-path:none!important}.pane img{position:static;height:auto}
.card{break-inside:avoid;grid-template-columns:1fr}.scroll{overflow:visible}table{font-size:.72rem}th,td{white-space:normal;padding:3px}}
`;
