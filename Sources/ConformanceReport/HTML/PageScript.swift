/// The script of the page: search, filters, links into what is folded, keys and the theme.
enum PageScript {
  /// What the page's content security policy lets run: the SHA-256 of `text`, in base 64.
  static let hash = "sha256-dj84H7z3r7d+wzUCvG8pW7xTzX7isj6jrIHyxrIdpls="

  static let text = #"""
    (() => {
      "use strict";
      const find = (selector) => document.querySelector(selector);
      const all = (selector, within = document) => [...within.querySelectorAll(selector)];
      const words = (element) => element.textContent.toLowerCase();
      const rungs = all(".rung").map((element) => ({ element, wasOpen: element.open, shown: 0 }));
      const traces = rungs.flatMap((rung) => all(".trace", rung.element).map((element) => ({
        element, rung,
        kinds: element.dataset.v.split(" "),
        differs: "differs" in element.dataset,
        text: [words(element.querySelector(".name")),
          ...all(".why, .clauses", element).map(words)].join(" "),
      })));
      const search = find("#search");
      const whose = find("#whose");
      const differing = find("#differing");
      const chips = all(".chip[data-kind]");
      const fold = find("#fold");
      let filtered = false;

      const pressed = (button) => button?.getAttribute("aria-pressed") === "true";
      const press = (button, on) => button?.setAttribute("aria-pressed", String(on));

      function apply() {
        const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        const kinds = new Set(chips.filter(pressed).map((chip) => chip.dataset.kind));
        const column = whose?.value ?? "";
        const differ = pressed(differing);
        const seenIn = (trace) => column === "" ? trace.kinds : [trace.kinds[Number(column)]];
        const active = terms.length > 0 || kinds.size > 0 || differ || column !== "";
        let shown = 0;
        for (const rung of rungs) rung.shown = 0;
        for (const trace of traces) {
          const seen = seenIn(trace);
          const fits = (kinds.size === 0 || seen.some((kind) => kinds.has(kind)))
            && (column === "" || seen[0] !== "absent")
            && (!differ || trace.differs)
            && terms.every((term) => trace.text.includes(term));
          trace.element.hidden = !fits;
          if (fits) { shown += 1; trace.rung.shown += 1; }
        }
        for (const rung of rungs) {
          if (active && !filtered) rung.wasOpen = rung.element.open;
          rung.element.hidden = rung.shown === 0;
          if (active) rung.element.open = rung.shown > 0;
          else if (filtered) rung.element.open = rung.wasOpen;
        }
        for (const phase of all(".phase")) {
          phase.hidden = all(".rung", phase).every((rung) => rung.hidden);
        }
        for (const chip of chips) {
          const count = traces.filter((trace) => seenIn(trace).includes(chip.dataset.kind)).length;
          chip.querySelector(".count").textContent = String(count);
        }
        filtered = active;
        find("#nothing").hidden = shown > 0;
        find("#shown").textContent = `${shown} of ${traces.length} traces`;
        label();
      }

      function label() {
        const open = rungs.some((rung) => !rung.element.hidden && rung.element.open);
        fold.textContent = open ? "Close all" : "Open all";
      }

      function clear() {
        search.value = "";
        if (whose) whose.value = "";
        [...chips, differing].forEach((chip) => press(chip, false));
        apply();
      }

      function visit() {
        let name = location.hash.slice(1);
        try { name = decodeURIComponent(name); } catch { return; }
        const target = name && document.getElementById(name);
        if (!target) return;
        if (target.closest("[hidden]")) clear();
        for (let part = target; part; part = part.parentElement?.closest("details")) {
          if (part.matches("details")) part.open = true;
        }
        target.scrollIntoView();
        target.querySelector("summary")?.focus({ preventScroll: true });
      }

      search.addEventListener("input", apply);
      find("#filters").addEventListener("submit", (event) => event.preventDefault());
      whose?.addEventListener("change", apply);
      for (const chip of [...chips, differing].filter(Boolean)) {
        chip.addEventListener("click", () => { press(chip, !pressed(chip)); apply(); });
      }
      fold.addEventListener("click", () => {
        const open = fold.textContent === "Open all";
        for (const rung of rungs) rung.element.open = open && !rung.element.hidden;
        label();
      });
      for (const rung of rungs) rung.element.addEventListener("toggle", label);
      window.addEventListener("hashchange", visit);

      document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const typing = event.target.matches("input, select");
        if (event.key === "/" && !typing) {
          event.preventDefault();
          search.focus();
          search.select();
        } else if (event.key === "Escape") {
          clear();
        } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          const here = event.target.closest("summary.row");
          if (!here) return;
          const rows = all(".phase summary.row").filter((row) => row.checkVisibility());
          const next = rows[rows.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1)];
          if (next) { event.preventDefault(); next.focus(); }
        }
      });

      const theme = find("#theme");
      const themes = ["auto", "light", "dark"];
      function dress(name) {
        if (name === "auto") delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = name;
        theme.textContent = `Theme: ${name}`;
      }
      let kept = "auto";
      try { kept = localStorage.getItem("raft-ladder-theme") ?? "auto"; } catch { kept = "auto"; }
      let current = themes.includes(kept) ? kept : "auto";
      dress(current);
      theme.addEventListener("click", () => {
        current = themes[(themes.indexOf(current) + 1) % themes.length];
        dress(current);
        try { localStorage.setItem("raft-ladder-theme", current); } catch { return; }
      });

      theme.hidden = false;
      find("#filters").hidden = false;
      find(".keys").hidden = false;
      apply();
      visit();
    })();

    """#
}
