namespace SpeechBrain.Sharp.Samples.LibriSpeech;

/// <summary>
/// How the page looks. The colours of curves are Okabe and Ito's (https://jfly.uni-koeln.de/color/), which people with any colour vision can tell
/// apart, darker on white and lighter on black so that each has a contrast of 3 : 1 or more; lines differ in their dashes too.
/// </summary>
internal static class ReportStyle
{
    internal const string Css = """
        :root {
          color-scheme: light dark;
          --page: #ffffff; --card: #f6f7f9; --rule: #d5dae1; --text: #1a1f27; --faint: #566070;
          --s1: #0067a5; --s2: #c24e00; --s3: #00795a; --s4: #a3477e;
          --wrong: #b3261e; --extra: #8a5300; --lost: #0067a5;
          --seen: #0067a5; --unseen: #dde3ea; --hatch: #8c96a4;
          --p1: #a8d1ef; --p2: #f6c79a; --p3: #9fdcc6; --p4: #e6bdd6; --p5: #efe08a; --p6: #c5c9f2; --p7: #d3d7dd; --p8: #f2b5ad;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #12161c; --card: #1b2129; --rule: #38414d; --text: #e7ebf0; --faint: #a5afbc;
            --s1: #5eb8f0; --s2: #f2a03d; --s3: #35c99b; --s4: #e592c0;
            --wrong: #ff8a80; --extra: #f2b84b; --lost: #7cc4f5;
            --seen: #4aa3dc; --unseen: #2b333e; --hatch: #6f7b8b;
            --p1: #1f5f8b; --p2: #8a4a12; --p3: #17694f; --p4: #7a3d63; --p5: #6d6114; --p6: #4a4f94; --p7: #4b5462; --p8: #8a3b33;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 72rem; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem; background: var(--page); color: var(--text);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; overflow-wrap: break-word; }
        h1 { font-size: clamp(1.5rem, 5vw, 2.1rem); line-height: 1.2; margin: 0; }
        h2 { font-size: 1.25rem; margin: 2.75rem 0 1rem; padding-bottom: .35rem; border-bottom: 1px solid var(--rule); }
        h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
        .subtitle, .note, figcaption, caption { color: var(--faint); }
        .subtitle { margin: .25rem 0 0; }
        .note { font-size: .875rem; margin: .5rem 0; }
        figure { margin: 0; min-width: 0; }
        dl, dd, ul, ol { margin: 0; padding: 0; }
        code { font: .9em ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        .defs { position: absolute; width: 0; height: 0; }

        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin-top: 1.5rem; }
        .tiles div { background: var(--card); border-radius: .6rem; padding: .8rem .75rem; }
        .tiles dt { color: var(--faint); font-size: .8125rem; }
        .tiles dd { font-size: 1.2rem; font-weight: 600; line-height: 1.4; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .tiles dd.note { font-size: .8125rem; font-weight: 400; white-space: normal; margin: 0; }
        .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: .4rem 2rem; }
        .facts div { display: flex; gap: .75rem; }
        .facts dt { color: var(--faint); flex: 0 0 6.5rem; }
        .facts dd { min-width: 0; }

        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        .options { margin-top: 1.25rem; width: 100%; max-width: 48rem; }
        caption { text-align: left; font-size: .875rem; padding-bottom: .35rem; }
        th, td { text-align: left; font-weight: 400; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
        thead th { color: var(--faint); font-size: .8125rem; }
        .options th, .options td { overflow-wrap: anywhere; }
        .options td:nth-child(2) { font-weight: 600; }
        .options td:nth-child(3) { color: var(--faint); }
        .figures { margin-top: .75rem; min-width: min(26rem, 100%); }
        .figures th + th, .figures td { text-align: right; padding: .3rem 0 .3rem 1rem; }
        tfoot th, tfoot td { font-weight: 600; border-bottom: 0; }

        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); gap: 1.75rem 2rem; }
        .chart figcaption { color: var(--text); font-weight: 600; margin-bottom: .25rem; }
        .chart figcaption span { color: var(--faint); font-size: .875rem; font-weight: 400; margin-left: .35rem; }
        .chart > svg { display: block; width: 100%; height: auto; overflow: visible; }
        .chart text { font-size: 12px; fill: var(--faint); }
        .grid { stroke: var(--rule); stroke-width: .7; }
        .axis { fill: none; stroke: var(--faint); }
        .limit { stroke: var(--faint); stroke-dasharray: 2 4; }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .band { opacity: .18; }
        .line.s1 { stroke: var(--s1); } .line.s2 { stroke: var(--s2); stroke-dasharray: 7 3; }
        .line.s3 { stroke: var(--s3); stroke-dasharray: 2 4; } .line.s4 { stroke: var(--s4); stroke-dasharray: 9 3 2 3; }
        .band.s1, .point.s1 { fill: var(--s1); } .band.s2, .point.s2 { fill: var(--s2); }
        .band.s3, .point.s3 { fill: var(--s3); } .band.s4, .point.s4 { fill: var(--s4); }
        .hover > rect { fill: transparent; }
        .hover > path { stroke: var(--faint); stroke-width: .8; }
        .hover > path, .hover > circle { visibility: hidden; pointer-events: none; }
        .hover:hover > path, .hover:hover > circle { visibility: visible; }
        .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; font-size: .875rem; margin-top: .4rem; }
        .legend b { font-weight: 600; font-variant-numeric: tabular-nums; }
        .key { width: 24px; height: 8px; margin-right: .4rem; }

        .shares { display: flex; height: 2.75rem; border-radius: .4rem; overflow: hidden; }
        .part { flex: 0 1 0; min-width: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; text-align: center;
          font-size: .8125rem; line-height: 2.75rem; border-right: 1px solid var(--page); }
        .part:last-child { border-right: 0; }
        .swatch { display: inline-block; width: .9em; height: .9em; border-radius: .2em; margin-right: .5em; vertical-align: -.08em; }
        .p1 { background: var(--p1); } .p2 { background: var(--p2); } .p3 { background: var(--p3); } .p4 { background: var(--p4); }
        .p5 { background: var(--p5); } .p6 { background: var(--p6); } .p7 { background: var(--p7); } .p8 { background: var(--p8); }

        .spectrograms { margin-bottom: 1.5rem; }
        .spectrograms img { display: block; width: 100%; height: auto; max-height: 30rem; border-radius: .3rem; image-rendering: pixelated; }
        .spectrograms figcaption, .mask figcaption { font-size: .875rem; margin-top: .4rem; }

        .masks { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 44%), 1fr)); gap: 1.25rem; margin-top: 1.25rem; }
        .mask svg { display: block; width: 100%; height: auto; border-radius: .2rem; }
        path.seen { fill: var(--seen); } rect.unseen { fill: var(--unseen); } path.padding { fill: url(#hatch); }
        .swatch.seen { background: var(--seen); } .swatch.unseen { background: var(--unseen); }
        #hatch rect { fill: var(--page); } #hatch path { stroke: var(--hatch); }
        .swatch.padding, .lengths li { background: repeating-linear-gradient(45deg, var(--hatch) 0 1px, var(--page) 1px 5px); }
        .lengths { list-style: none; display: grid; gap: 3px; }
        .lengths li { border-radius: .2rem; overflow: hidden; }
        .speech { display: block; background: var(--p1); font-size: .75rem; padding: .1rem .5rem;
          white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
        .counts { list-style: none; margin-top: .75rem; max-width: 44rem; }
        .counts li { display: flex; align-items: center; gap: .75rem; font-size: .875rem; font-variant-numeric: tabular-nums; }
        .counts .name { flex: 0 0 9rem; } .counts .room { flex: 1; } .counts .share { flex: 0 0 3.5rem; text-align: right; }
        .counts .bar { display: block; height: .8rem; background: var(--s1); border-radius: 0 .2rem .2rem 0; min-width: 1px; }

        .worst { list-style: none; display: grid; gap: 1rem; margin-top: .75rem; }
        .worst li { background: var(--card); border-radius: .6rem; padding: .7rem 1rem; }
        .worst p { margin: 0; }
        .id { font-weight: 600; font-size: .875rem; } .id span { color: var(--faint); font-weight: 400; margin-left: .5rem; }
        .words { line-height: 1.35; }
        .pair { display: inline-block; vertical-align: top; padding: .15rem .15rem; }
        .pair s, .pair b { display: block; font-weight: 400; }
        .pair s { text-decoration: line-through; text-decoration-thickness: 1px; color: var(--faint); }
        .pair b { font-weight: 600; }
        .sub b { color: var(--wrong); border-bottom: 2px solid var(--wrong); }
        .del s { color: var(--lost); } .del b { color: var(--lost); }
        .ins s { text-decoration: none; } .ins b { color: var(--extra); border-bottom: 2px dotted var(--extra); }
        .legend .pair { padding: 0; margin-right: .3rem; } .legend .pair s, .legend .pair b { display: inline; margin-right: .35rem; }
        @media (max-width: 34rem) {
          .chart text { font-size: 15px; }
          .facts dt { flex-basis: 5.5rem; }
          .options { font-size: .875rem; }
          .counts .name { flex-basis: 6.5rem; }
        }
        @media print { section { break-inside: avoid-page; } }
        """;

    /// <summary>The pattern of padding in drawings.</summary>
    internal const string Hatch = """
        <svg class="defs" aria-hidden="true"><defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6"/><path d="M0 0V6"/></pattern>
        </defs></svg>
        """;
}
