/// The templates of the page. A variable in two braces is escaped; in three stand only the suite's
/// own style sheet and script, and pictures, which escape what is in them.
enum PageTemplates {
  static let all = [
    "page": page, "card": card, "cells": cells, "since": since, "differences": differences,
    "toolbar": toolbar, "heads": heads, "ladder": ladder, "trace": trace, "failure": failure,
  ]

  private static let page = """
    {{% CONTENT_TYPE: REPORT}}<!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
    style-src 'unsafe-inline'; script-src '{{scriptHash}}'; base-uri 'none'; form-action 'none'">
    <title>{{heading}} on the ladder</title>
    <style>
    {{{style}}}
    :root { --n: {{width}}; }
    </style>
    </head>
    <body>
    <a class="skip" href="#ladder">To the ladder</a>
    <header class="top">
    <div>
    <p class="brand">raft-ladder {{suite}}</p>
    <h1>{{heading}}</h1>
    </div>
    <button type="button" id="theme" hidden>Theme: auto</button>
    </header>
    <main>
    <section aria-labelledby="verdicts"><h2 class="vh" id="verdicts">Verdicts</h2>
    <div class="cards">
    {{#cards}}{{>card}}{{/cards}}</div>
    </section>
    {{#differences}}{{>differences}}{{/differences}}{{#since}}{{>since}}{{/since}}\
    <section aria-labelledby="ladder">
    <h2 id="ladder">The ladder</h2>
    {{>toolbar}}{{>ladder}}<p id="nothing" hidden>No trace is like that.</p>
    </section>
    </main>
    <footer>
    <p>✓ holds or passed &nbsp; ✗ fails &nbsp; ≈ known to fail &nbsp; – not applicable or not shown \
    &nbsp; ! could not be run &nbsp; · not run</p>
    <p class="keys" hidden><kbd>/</kbd> search &nbsp; <kbd>Esc</kbd> clear &nbsp; <kbd>↑</kbd> \
    <kbd>↓</kbd> from row to row &nbsp; <kbd>Enter</kbd> open or close</p>
    </footer>
    <script>{{{script}}}</script>
    </body>
    </html>

    """

  private static let card = """
    <article class="card {{mood}}">
    <p class="verdict">{{verdict}}</p>
    <h3>{{label}} <span class="version">{{version}}</span></h3>
    <p class="height"><span>Height</span> <b>{{height}}</b></p>
    <p class="strip" aria-hidden="true">{{#strip}}<i class="{{state}}" title="{{hint}}"></i>\
    {{/strip}}</p>
    {{#.failingRung}}<p>First rung that fails: <a href="#{{target}}">{{caption}}</a></p>
    {{/.failingRung}}{{#.gaps}}<p>Not shown below: {{.}}</p>
    {{/.gaps}}<ul class="tallies">{{#tallies}}<li class="{{kind}}"><b>{{number}}</b> {{words}}</li>\
    {{/tallies}}</ul>
    {{^empty(lacks)}}<details class="lacks"><summary>Capabilities it lacks</summary>
    <ul>{{#lacks}}<li>{{.}}</li>{{/lacks}}</ul></details>
    {{/empty(lacks)}}<p class="facts">{{facts}}{{#.homepage}} · \
    <a href="{{.}}" rel="noreferrer">{{.}}</a>{{/.homepage}}</p>
    </article>

    """

  private static let cells = """
    <span class="cells">{{#cells}}<span class="c {{kind}}" title="{{spoken}}">\
    <span aria-hidden="true">{{sign}}{{#note}} <small>{{.}}</small>{{/note}}</span>\
    <span class="vh">{{spoken}}. </span></span>{{/cells}}</span>
    """

  private static let since = """
    <section class="panel since" aria-label="{{label}} since {{before}}">
    <h2>{{label}} since {{before}}</h2>
    <p>{{summary}}</p>
    {{#groups}}<details{{#isOpen}} open{{/isOpen}}><summary>{{kind}} \
    <span class="count">{{number}}</span></summary>
    <ul class="lines">{{#changes}}<li>{{#.link}}<a href="#{{target}}">{{caption}}</a>{{/.link}}\
    {{^.link}}<code>{{id}}</code>{{/.link}} <span>{{title}}</span> \
    <span class="move">{{before}} → {{after}}</span></li>
    {{/changes}}</ul></details>
    {{/groups}}</section>

    """

  private static let differences = """
    <section class="panel" aria-labelledby="differences">
    <h2 id="differences">Where they differ <span class="count">{{number}}</span></h2>
    {{>heads}}{{#groups}}<details{{#isOpen}} open{{/isOpen}}><summary class="row">\
    <span class="name">{{rung}} <span class="count">{{number}}</span></span>{{>cells}}</summary>
    <ul class="lines matrix">{{#lines}}<li class="row"><span class="name">\
    <a href="#{{target}}">{{title}}</a> <code>{{id}}</code></span>{{>cells}}</li>
    {{/lines}}</ul></details>
    {{/groups}}</section>

    """

  private static let toolbar = """
    <div class="toolbar">
    <form role="search" id="filters" hidden>
    <label class="vh" for="search">Search traces</label>
    <input id="search" type="search" placeholder="Search: id, title, clause, reason" \
    autocomplete="off" spellcheck="false">
    <div class="chips" role="group" aria-label="Verdicts to show">
    {{#filters}}<button type="button" class="chip {{kind}}" data-kind="{{kind}}" \
    aria-pressed="false">{{words}} <span class="count">{{number}}</span></button>
    {{/filters}}{{^isSingle}}<button type="button" class="chip" id="differing" \
    aria-pressed="false">differ</button>
    {{/isSingle}}</div>
    {{^isSingle}}<label class="vh" for="whose">Whose verdict</label>
    <select id="whose"><option value="">of any</option>
    {{#columns}}<option value="{{place}}">of {{label}}</option>
    {{/columns}}</select>
    {{/isSingle}}<button type="button" id="fold">Open all</button>
    <output id="shown" aria-live="polite"></output>
    </form>
    {{>heads}}</div>

    """

  private static let heads = """
    <div class="row heads" aria-hidden="true"><span class="name">rung, trace</span>\
    <span class="cells">{{#columns}}<span class="head" title="{{label}}">{{label}}</span>\
    {{/columns}}</span></div>

    """

  private static let ladder = """
    {{#phases}}<section class="phase"><h3><span>Phase {{number}}</span> {{name}}</h3>
    {{#rungs}}<details class="rung" id="{{target}}"{{#isOpen}} open{{/isOpen}}>
    <summary class="row"><span class="name"><b>{{id}}</b> {{title}}</span>{{>cells}}</summary>
    <div class="within">
    {{#invariants}}<p class="invariant">{{.}}</p>
    {{/invariants}}{{#traces}}{{>trace}}{{/traces}}</div>
    </details>
    {{/rungs}}</section>
    {{/phases}}
    """

  private static let trace = """
    <details class="trace" id="{{target}}" data-v="{{kinds}}"{{#isDifferent}} data-differs\
    {{/isDifferent}}>
    <summary class="row"><span class="name">{{title}} <code>{{traceID}}</code></span>{{>cells}}\
    </summary>
    <div class="body">
    {{#failures}}{{>failure}}{{/failures}}{{#outcomes}}<p class="outcome {{kind}}">\
    <span class="sign" aria-hidden="true">{{sign}}</span> <b>{{who}}</b> {{words}}\
    {{#.reason}}<span class="why">: {{.}}</span>{{/.reason}}</p>
    {{/outcomes}}<dl class="clauses">{{#clauses}}<dt>{{slug}}</dt><dd>{{rule}}</dd>
    {{/clauses}}</dl>
    {{#.source}}<details class="source"{{#isOpen}} open{{/isOpen}}><summary>The trace \
    <span class="place">{{place}}</span> <span class="level">{{level}}</span></summary>
    <pre tabindex="0" role="region" aria-label="YAML of {{traceID}}"><code>{{#pieces}}{{#.plain}}\
    {{.}}{{/.plain}}{{#.marked}}<mark>{{.}} <span>✗ {{mark}}</span></mark>
    {{/.marked}}{{/pieces}}</code></pre></details>
    {{/.source}}{{^.source}}<p class="place">{{place}} <span class="level">{{level}}</span></p>
    {{/.source}}</div>
    </details>

    """

  private static let failure = """
    <section class="failure {{kind}}" aria-label="{{who}}: {{words}}">
    <h4><span class="sign" aria-hidden="true">{{sign}}</span> {{who}} <span>{{words}}</span></h4>
    {{#.reason}}<p class="why">{{.}}</p>
    {{/.reason}}<p><b>Step {{stepNumber}}</b> <code class="step">{{stepText}}</code> \
    <span class="place">{{place}}</span></p>
    {{#.crashPoint}}<p>The node was made to die at its write {{.}}.</p>
    {{/.crashPoint}}<p><b>{{what}}</b>: <span class="why">{{summary}}</span></p>
    {{#hasMismatches}}<div class="wide" tabindex="0" role="region" \
    aria-label="Expected and actual, {{who}}"><table><thead><tr><th scope="col">field</th>\
    <th scope="col">expected</th><th scope="col">actual</th></tr></thead><tbody>
    {{#mismatches}}<tr><th scope="row">{{path}}</th><td class="expected">{{expected}}</td>\
    <td class="actual">{{actual}}</td></tr>
    {{/mismatches}}</tbody></table></div>
    {{/hasMismatches}}<p class="hint"><b>Hint</b> {{hint}}</p>
    {{#.picture}}<figure class="wide" tabindex="0" role="region" aria-label="{{pictureName}}">
    {{{.}}}</figure>
    {{/.picture}}<p class="rerun"><code>{{rerun}}</code></p>
    </section>

    """
}
