"""Cuts Inter down to what French papers print. Run once, by hand, when Inter changes; see README.md."""

import sys
from fontTools import subset
from fontTools.ttLib import TTFont

KEPT = (
    "U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+02C6,U+02DA,U+02DC,U+1E9E,U+2010-2015,U+2018-201E,"
    "U+2020-2022,U+2026,U+202F,U+2030,U+2039,U+203A,U+20AC,U+2116,U+2122,U+2190-2193,U+2212,U+2248,"
    "U+2260,U+2264,U+2265,U+25B2,U+25BC,U+25CB,U+25CF,U+FFFD"
)


def tabular_digits(font):
    """Amounts stand in columns everywhere in a paper: make the tabular digits the only ones, no feature needed."""
    gsub = font["GSUB"].table
    lookups = {i for r in gsub.FeatureList.FeatureRecord if r.FeatureTag == "tnum" for i in r.Feature.LookupListIndex}
    swap = {}
    for i in lookups:
        for table in gsub.LookupList.Lookup[i].SubTable:
            swap.update((getattr(table, "ExtSubTable", table)).mapping)
    for table in font["cmap"].tables:
        for code in list(table.cmap):
            if 0x30 <= code <= 0x39:
                table.cmap[code] = swap.get(table.cmap[code], table.cmap[code])  # subtables may share one map


for source, target in zip(sys.argv[1::2], sys.argv[2::2]):
    font = TTFont(source)
    tabular_digits(font)
    options = subset.Options(
        layout_features=["kern"], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], drop_tables=["GSUB", "GDEF", "STAT", "gasp", "prep"]
    )
    cut = subset.Subsetter(options)
    cut.populate(unicodes=subset.parse_unicodes(KEPT))
    cut.subset(font)
    font.save(target)
