"""The style sheet of the pages, for light and dark mode, phones and large screens."""

#: All text has a contrast of at least 4.5 to its background. The tests measure it in a browser.
STYLE = """
.ganbats {
  color-scheme: light dark;
  --paper: #fff; --ink: #1b1f24; --quiet: #57606a; --line: #d0d7de; --link: #0b5cad;
  --p1: #ddebfa; --p2: #a9cdf3; --p3: #74b3ec; --n1: #ffe6d6; --n2: #ffc9a3; --n3: #ffa366;
  --good: #cdeed6; --bad: #ffd3ba; --open: #e4e7eb; --real: #1b1f24; --synthetic: #c24e00;
  font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
}
@media (prefers-color-scheme: dark) {
  .ganbats {
    --paper: #14171a; --ink: #e8eaed; --quiet: #a9b1ba; --line: #3a4149; --link: #7db9f5;
    --p1: #14304a; --p2: #17476f; --p3: #1b5f97; --n1: #452a17; --n2: #663a17; --n3: #874a14;
    --good: #14492a; --bad: #6b3312; --open: #363c43; --real: #e8eaed; --synthetic: #ff9a4d;
  }
}
body.ganbats { max-width: 64rem; margin: 0 auto; padding: 1rem; }
.ganbats h1 { font-size: 1.4rem; }
.ganbats h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.ganbats h3 { font-size: 1rem; margin: 1.5rem 0 .3rem; }
.ganbats p, .ganbats li { max-width: 44rem; overflow-wrap: anywhere; }
.ganbats .quiet { color: var(--quiet); font-size: .875rem; }
.ganbats .warning { border-left: .3rem solid var(--synthetic); padding: .2rem .8rem; }
.ganbats .nowrap { white-space: nowrap; }
.ganbats .badge { padding: .1rem .6rem; border-radius: 1rem; white-space: nowrap; }
.ganbats .good { background: var(--good); }
.ganbats .bad { background: var(--bad); }
.ganbats .open { background: var(--open); }
.ganbats .next { border-left: .3rem solid var(--link); padding: .1rem .8rem; }

.ganbats .table { overflow-x: auto; margin: .5rem 0 1rem; }
.ganbats .table:focus-visible, .ganbats summary:focus-visible { outline: .15rem solid var(--link); }
.ganbats table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0; }
.ganbats caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
.ganbats caption span {
  display: inline-block; position: sticky; left: 0; max-width: calc(100vw - 2.5rem);
}
.ganbats th, .ganbats td {
  text-align: right; vertical-align: top; white-space: nowrap; padding: .25rem .5rem;
  font-size: .9rem; color: var(--ink); border-bottom: 1px solid var(--line);
}
.ganbats tbody th, .ganbats thead th:first-child {
  text-align: left; position: sticky; left: 0; background: var(--paper);
  white-space: normal; min-width: 6.5rem; max-width: 17rem; overflow-wrap: break-word;
}
.ganbats tbody .group { padding-top: .9rem; color: var(--quiet); font-weight: 400; }
.ganbats .note { display: block; font-weight: 400; color: var(--quiet); font-size: .8rem; }
.ganbats .mark { font-weight: 700; font-size: .8rem; }
.ganbats .heat thead th { white-space: normal; vertical-align: bottom; min-width: 4rem; }
.ganbats .p1 { background: var(--p1); } .ganbats .n1 { background: var(--n1); }
.ganbats .p2 { background: var(--p2); } .ganbats .n2 { background: var(--n2); }
.ganbats .p3 { background: var(--p3); } .ganbats .n3 { background: var(--n3); }

.ganbats details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
.ganbats summary { cursor: pointer; overflow-wrap: anywhere; }
.ganbats img { max-width: 100%; height: auto; background: white; border-radius: .3rem; }
.ganbats .pictures { display: grid; gap: 1rem; margin: 1rem 0; }
.ganbats .pictures { grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }

.ganbats .metrics { list-style: none; margin: 0; padding: 0; }
.ganbats .metrics > li {
  display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 1.5rem;
  max-width: none; padding: .5rem 0; border-bottom: 1px solid var(--line);
}
.ganbats .metrics b { margin-right: .5rem; }

.ganbats .bar { display: block; width: 100%; height: 1.5rem; overflow: visible; }
.ganbats .key { display: inline-block; width: 1.2rem; height: 1rem; vertical-align: -.15rem; }
.ganbats .track { stroke: var(--line); stroke-width: 2; }
.ganbats .control { stroke: var(--quiet); stroke-width: 2; fill: var(--paper); }
.ganbats .reference { stroke: var(--real); stroke-width: 4; }
.ganbats .value { fill: var(--synthetic); }
.ganbats .interval { stroke: var(--synthetic); stroke-width: 3; }
@media (max-width: 40rem) {
  .ganbats .metrics > li { grid-template-columns: minmax(0, 1fr); }
  .ganbats .mark { display: block; }
}
"""
