/// The style sheet of the page.
enum PageStyle {
  static var sheet: String {
    ":root {\n  color-scheme: light dark;\n" + light + "}\n"
      + "@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) {\n" + dark + "} }\n"
      + ":root[data-theme=light] { color-scheme: light; }\n"
      + ":root[data-theme=dark] {\n  color-scheme: dark;\n" + dark + "}\n"
      + ground + cards + matrix + details + narrow + SVGStyle.embeddedSheet
  }

  // Text stands on its ground with a contrast of at least 4.5 to 1 in both.
  private static let light = """
      --back: #f4f6f8; --paper: #ffffff; --ink: #1b2530; --soft: #536170; --line: #d5dce3;
      --link: #0b5cad; --hover: #edf2f7; --field: #ffffff; --picture: #ffffff;
      --passed: #176f30; --passed-back: #ddf5e3; --failed: #b42318; --failed-back: #fde4e1;
      --known: #8a4b00; --known-back: #fdedd0; --na: #55616d; --na-back: #e9edf1;
      --error: #6b35b8; --error-back: #efe6fc;

    """

  private static let dark = """
      --back: #0d1117; --paper: #151b23; --ink: #e3eaf1; --soft: #9ba8b5; --line: #2c3641;
      --link: #79b8ff; --hover: #1c2530; --field: #0d1117; --picture: #0d1117;
      --passed: #6fdc8c; --passed-back: #12301c; --failed: #ff9d96; --failed-back: #421a1c;
      --known: #f0c674; --known-back: #382a10; --na: #a5b0bc; --na-back: #232c36;
      --error: #d0b0ff; --error-back: #2d2044;

    """

  private static let ground = """
    * { box-sizing: border-box; }
    html { scroll-padding-top: 10rem; -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--back); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
    main, .top, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
    code, pre, kbd, .expected, .actual, tbody th { font-family: ui-monospace, SFMono-Regular, Menlo,
      Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; overflow-wrap: anywhere; }
    a { color: var(--link); text-underline-offset: 2px; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; text-wrap: balance;
      overflow-wrap: anywhere; }
    h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
    p { margin: .35rem 0; }
    button, input, select { font: inherit; color: inherit; background: var(--field);
      border: 1px solid var(--line); border-radius: 7px; padding: .3rem .65rem; }
    button { cursor: pointer; white-space: nowrap; }
    summary:focus-visible { outline-offset: -2px; }
    button:hover { background: var(--hover); }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
    summary { cursor: pointer; }
    [hidden] { display: none !important; }
    .vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem .8rem;
      z-index: 3; }
    .top { display: flex; justify-content: space-between; align-items: start; gap: 1rem;
      padding-top: 1.6rem; padding-bottom: 1.1rem; }
    .brand { color: var(--soft); margin: 0 0 .15rem; }
    .count { color: var(--soft); font-weight: 400; font-size: .9em; }
    .panel { background: var(--paper); border: 1px solid var(--line); border-radius: 12px;
      padding: .9rem 1.1rem; margin: 1.2rem 0; }
    .panel h2 { margin: 0 0 .3rem; }
    .panel .heads { padding: 0 0 .2rem; }
    .panel > details { border-top: 1px solid var(--line); }
    .panel > details > summary { padding: .45rem 0; font-weight: 600; }
    .panel > details > summary.row { list-style: none; position: relative; padding-left: 1.1rem; }
    .panel > details > summary.row::before { content: "▸"; position: absolute; left: 0;
      color: var(--soft); font-weight: 400; }
    .panel > details[open] > summary.row::before { content: "▾"; }
    .lines { list-style: none; margin: 0; padding: 0 0 .5rem; }
    .lines li { padding: .3rem 0 .3rem 1.1rem; }
    .lines a { font-weight: 500; }
    .lines code, .move { color: var(--soft); }
    .since .lines span { margin-left: .5rem; }
    footer { color: var(--soft); padding-top: 1.5rem; padding-bottom: 3rem; font-size: .9rem; }
    kbd { border: 1px solid var(--line); border-radius: 4px; padding: 0 .35em; }

    """

  private static let cards = """
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13.5rem), 1fr));
      gap: 1rem; }
    .card { background: var(--paper); border: 1px solid var(--line); border-radius: 12px;
      padding: 1rem 1.1rem; border-top: 5px solid var(--mood); min-width: 0; }
    .card.good { --mood: var(--passed); }
    .card.bad { --mood: var(--failed); }
    .card.unsure { --mood: var(--known); }
    .card h3 { margin: 0; font-size: 1.15rem; overflow-wrap: anywhere; }
    .version { font-weight: 400; color: var(--soft); }
    .verdict { margin: 0; color: var(--mood); font-weight: 600; }
    .height { display: flex; align-items: baseline; gap: .5rem; margin: .3rem 0 .5rem; }
    .height span { color: var(--soft); }
    .height b { font-size: 2.5rem; line-height: 1.1; font-variant-numeric: tabular-nums; }
    .strip { display: flex; gap: 2px; height: 1.1rem; align-items: end; margin: 0 0 .7rem; }
    .strip i { flex: 1 1 0; border-radius: 2px; min-width: 2px; height: 100%; }
    .strip .holds { background: var(--passed); }
    .strip .fails { background: var(--failed); height: 55%; }
    .strip .not-shown { border: 1.5px solid var(--na); height: 55%; }
    .tallies { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem; padding: 0;
      margin: .6rem 0; }
    .tallies li { border-radius: 99px; padding: .05rem .6rem; font-size: .9rem; }
    .facts { color: var(--soft); font-size: .87rem; overflow-wrap: anywhere; }
    .lacks ul { margin: .2rem 0; padding-left: 1.2rem; columns: 2; font-size: .9rem; }
    .passed, .holds { --tone: var(--passed); --tint: var(--passed-back); }
    .failed, .fails { --tone: var(--failed); --tint: var(--failed-back); }
    .known { --tone: var(--known); --tint: var(--known-back); }
    .na, .not-shown { --tone: var(--na); --tint: var(--na-back); }
    .error { --tone: var(--error); --tint: var(--error-back); }
    .absent { --tone: var(--soft); --tint: transparent; }
    .tallies li, .c { color: var(--tone); background: var(--tint); }

    """

  private static let matrix = """
    .toolbar { position: sticky; top: 0; z-index: 2; background: var(--back); padding: .5rem 0 0;
      border-bottom: 1px solid var(--line); }
    .toolbar form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
    #search { flex: 1 1 15rem; min-width: 0; padding: .4rem .75rem; }
    .chips { display: flex; flex-wrap: wrap; gap: .35rem; }
    .chip { border-radius: 99px; }
    .chip[data-kind] { color: var(--tone); }
    .chip .count { color: inherit; }
    .chip[aria-pressed=true] { background: var(--tint, var(--link)); border-color: currentColor;
      font-weight: 600; }
    #differing[aria-pressed=true] { color: var(--paper); }
    #shown { color: var(--soft); }
    .row { display: grid; align-items: center; gap: .2rem .5rem;
      grid-template-columns: minmax(0, 1fr) calc(var(--n) * 6.6rem); }
    .row .name { min-width: 0; overflow-wrap: anywhere; }
    .cells { display: grid; grid-template-columns: repeat(var(--n), minmax(0, 1fr)); gap: 4px; }
    .c { text-align: center; border-radius: 6px; padding: .08rem .2rem; font-weight: 600; }
    .c small { font-weight: 400; font-variant-numeric: tabular-nums; }
    .heads { padding: .4rem .7rem .4rem 1.9rem; color: var(--soft); font-size: .87rem; }
    .head { text-align: center; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .phase h3 { font-size: 1rem; margin: 1.3rem 0 .4rem; }
    .phase h3 span { color: var(--soft); font-weight: 400; }
    .rung { background: var(--paper); border: 1px solid var(--line); border-radius: 9px;
      margin: .35rem 0; }
    .rung > summary, .trace > summary { list-style: none; padding: .42rem .7rem .42rem 1.9rem;
      position: relative; border-radius: 9px; }
    summary::-webkit-details-marker { display: none; }
    .rung > summary::before, .trace > summary::before { content: "▸"; position: absolute;
      left: .7rem; top: .42rem; color: var(--soft); }
    [open] > summary.row::before { content: "▾"; }
    .rung > summary:hover, .trace > summary:hover { background: var(--hover); }
    .within { padding: 0 0 .4rem; }
    .invariant { color: var(--soft); padding: 0 .7rem 0 1.9rem; }
    .trace { border-top: 1px solid var(--line); content-visibility: auto;
      contain-intrinsic-size: auto 2.4rem; }
    .trace > summary code { color: var(--soft); }
    .trace[open] > summary .name { font-weight: 600; }
    .trace[open] > summary code { font-weight: 400; }

    """

  private static let details = """
    .body { padding: .2rem .9rem 1rem 1.9rem; }
    section.failure { border-left: 4px solid var(--tone); padding: .1rem 0 .1rem .9rem;
      margin: .5rem 0 1rem; }
    section.failure h4 { margin: 0 0 .3rem; color: var(--tone); font-size: 1rem; }
    section.failure h4 span { font-weight: 400; }
    .outcome .sign { color: var(--tone); font-weight: 700; }
    .place, .level { color: var(--soft); font-size: .87rem; overflow-wrap: anywhere; }
    .level { border: 1px solid var(--line); border-radius: 4px; padding: 0 .35em; }
    code.step { background: var(--hover); border-radius: 4px; padding: .1em .35em; }
    .wide { overflow-x: auto; margin: .6rem 0; max-width: 100%; }
    table { border-collapse: collapse; }
    th, td { text-align: left; padding: .25rem .8rem .25rem .5rem; vertical-align: top;
      border-bottom: 1px solid var(--line); font-weight: 400; }
    thead th { color: var(--soft); font-size: .87rem; }
    .expected { color: var(--passed); }
    .actual { color: var(--failed); }
    figure { border: 1px solid var(--line); border-radius: 8px; background: var(--picture); }
    figure svg { display: block; }
    .rerun code { color: var(--soft); }
    .clauses { margin: .8rem 0; }
    .clauses dt { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .86em;
      color: var(--soft); }
    .clauses dd { margin: 0 0 .4rem; max-width: 60rem; }
    .source summary { color: var(--ink); }
    pre { overflow-x: auto; background: var(--back); border: 1px solid var(--line);
      border-radius: 8px; padding: .7rem .9rem; line-height: 1.55; margin: .4rem 0 0; }
    pre code { overflow-wrap: normal; font-size: 1em; }
    mark { background: var(--failed-back); color: inherit; display: inline-block;
      min-width: 100%; }
    mark span { color: var(--failed); font-weight: 600; }

    """

  private static let narrow = """
    @media (max-width: 46rem) {
      main, .top, footer { padding-left: .8rem; padding-right: .8rem; }
      .row { grid-template-columns: minmax(0, 1fr); }
      .heads .name { display: none; }
      .heads, .rung > summary, .trace > summary { padding-left: 1.6rem; }
      .rung > summary::before, .trace > summary::before { left: .5rem; }
      .lines li { padding-left: 0; }
      .body { padding: .2rem .7rem 1rem; }
      html { scroll-padding-top: 3rem; }
      .toolbar { display: contents; }
      .toolbar form { gap: .35rem; }
      .panel .heads { padding: 0 0 .2rem; background: var(--paper); }
      h1 { font-size: 1.35rem; }
      .toolbar .heads { position: sticky; top: 0; z-index: 2; background: var(--back);
        border-bottom: 1px solid var(--line); }
      #whose { flex: 1 1 8rem; min-width: 0; }
      .chips { flex-wrap: nowrap; overflow-x: auto; max-width: 100%; padding: 3px; }
      .chip { white-space: nowrap; }
      #search { flex-basis: 100%; }
      .height b { font-size: 2.1rem; }
    }
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
    @media print { .toolbar form, #theme, .skip { display: none; } .toolbar { position: static; } }

    """
}
