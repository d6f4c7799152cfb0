//! The words rules are read by: what makes a sentence a rule, what takes that back, and what it speaks of.
//!
//! Phrases are matched word by word; a `~` at a word's end lets it go on (`skip~`: skips, skipping). Stems
//! match the beginning of a word. Lists are grammar, not sentences: a word stands here for what it does in
//! any sentence.

/// Stems that speak of performance.
pub(super) const PERFORMANCE: &[&str] = &[
    "perf", "optimi", "profil", "benchmark", "latenc", "throughput", "hotspot", "bottleneck", "speed", "fast",
    "slow", "flame", "alloc", "memory", "regress", "contention", "baseline", "measur",
];

/// Phrases in an aside that take back or narrow what stands around it.
pub(super) const RESTRICTING: &[&str] = &[
    "optional", "optionally", "except", "excepting", "unless", "ideally", "not", "no", "never", "maybe", "usually",
    "if possible", "only", "where", "for now", "example", "e", "todo", "draft", "proposed", "planned",
];

/// In headings and introductions: nothing below is a rule of today.
pub(super) const ELSEWHERE: &[&str] = &[
    "example", "history", "changelog", "background", "previous", "formerly", "old ", "legacy", "deprecated",
    "archive", "retired", "anti-pattern", "antipattern", "lessons", "postmortem", "post-mortem", "past ", "faq",
    "idea", "proposal for", "proposed", "draft", "todo", "future", "roadmap", "what we tried", "other project",
    "elsewhere", "glossary", "used to", "we once", "at my", "for instance", "do not follow", "don't follow",
    "not followed", "obsolete", "no longer", "superseded", "rejected idea", "inspiration", "discussion",
    "open question", "wish", "bad ", "wrong", "incorrect", "not ours", "another company",
];

/// Past time.
pub(super) const PAST: &[&str] = &[
    "was", "were", "had", "did", "didn't", "wasn't", "weren't", "hadn't", "used to", "previously", "formerly",
    "historically", "originally", "ago", "earlier", "yesterday", "last year", "last month", "last week",
    "last quarter", "last time", "in the past", "back then", "back in", "at the time", "until recently",
    "no longer", "stopped", "agreed",
];

/// Not said as a fact, or not yet.
pub(super) const UNREAL: &[&str] = &[
    "would", "could", "might", "may", "maybe", "perhaps", "possibly", "will", "imagine", "suppose", "supposing",
    "hypothetically", "plan to", "planning", "planned", "propose to", "proposed", "considering", "consider",
    "someday", "eventually", "soon", "in future", "in the future", "todo", "tbd", "wip", "draft", "if we",
    "if you want", "wish", "hope", "like to", "think about", "discuss", "debat~", "whether",
];

/// Not binding, or not for all.
pub(super) const HEDGED: &[&str] = &[
    "ideally", "probably", "usually", "generally", "typically", "normally", "often", "sometimes", "tend", "tends",
    "try to", "try", "prefer", "preferably", "where possible", "if possible", "when possible", "where practical",
    "in general", "rule of thumb", "optional", "optionally",
    "not required", "not necessary", "not mandatory", "unnecessary", "need not", "needn't", "no need", "don't need",
    "do not need", "don't have to", "do not have to", "does not have to", "doesn't have to", "feel free", "you can",
    "we can", "recommended", "recommend", "suggest", "nice to have", "mostly", "exempt",
    "waive~", "skip~", "except", "excepting", "excluding", "instead of", "rather than", 
    "nor", "false", "myth", "wrong",
];

/// A number that follows one of these is no limit.
pub(super) const ROUGHLY: &[&str] = &["roughly", "around", "about", "approximately", "approx", "almost", "nearly", "some", "~"];

/// Somebody else's words or rules, or an instance instead of a rule.
pub(super) const OTHERS: &[&str] = &[
    "for example", "for instance", "e", "example", "such as", "says", "said", "say", "wrote", "writes", "claims",
    "claim", "according to", "argues", "argued", "quote", "quoting", "quoted", "he", "she", "some teams",
    "other teams", "other projects", "some people", "people", "many projects", "some projects", "upstream",
    "competitor~", "their", "blog", "article", "paper", "book", "talk", "the old", "old", "legacy", "mentions",
    "reads", "phrase", "sentence", "motto", "slogan",
];

/// Verbs and particles an order begins with.
pub(super) const ORDER: &[&str] = &[
    "accept", "allow", "always", "avoid", "begin", "capture", "check", "choose", "collect", "commit", "compare",
    "discard", "do", "don't", "drop", "ensure", "establish", "execute", "forbid", "gather", "get", "give", "keep",
    "land", "leave", "limit", "make", "measure", "merge", "never", "no", "obtain", "only", "pick", "preserve",
    "produce", "profile", "put", "re-measure", "re-run", "rerun", "record", "refuse", "reject", "remeasure",
    "require", "revert", "roll", "run", "select", "ship", "split", "start", "submit", "take", "throw", "treat",
    "undo", "use", "verify", "abandon", "isolate", "confirm", "demand", "insist", "validate", "retain", "reach",
    "protect", "find", "know", "base", "back", "create", "hold", "first", "one", "exactly", "single", "show",
];

/// What follows a verb that is an order: its object, and not the rest of a noun.
pub(super) const OBJECT: &[&str] = &[
    "a", "an", "the", "every", "each", "all", "only", "our", "your", "its", "this", "that", "any", "one", "heap",
    "cpu", "mutex", "memory", "lock", "full", "whole", "entire", "complete", "it", "them",
];

/// What a clause that says when or what for begins with.
pub(super) const LEADING: &[&str] = &[
    "for", "to", "when", "whenever", "if", "after", "before", "with", "on", "in", "until", "once", "while",
];

/// Who might act in a sentence that tells what happened.
pub(super) const ACTOR: &[&str] = &[
    "we", "i", "it", "he", "she", "they", "which", "that", "who", "you", "team", "company", "somebody", "someone",
    "nobody", "review", "reviewers", "maintainers",
];

/// Past forms that do not end in `ed`.
pub(super) const IRREGULAR: &[&str] = &[
    "saw", "ran", "kept", "took", "got", "made", "went", "found", "gave", "wrote", "held", "told", "led", "lost",
    "won", "threw", "broke", "came", "began", "built", "brought", "chose", "drew", "fell", "grew", "knew", "left",
    "met", "paid", "sent", "spent", "stood", "taught", "thought", "understood",
];

/// Modals, particles and standing expressions that make a statement a rule.
pub(super) const NORMATIVE: &[&str] = &[
    "must", "shall", "should", "has to", "have to", "needs to", "need to", "is required", "are required", "requires",
    "always", "never", "mandatory", "cannot", "can't", "mustn't", "is to be", "are to be", "we require", "we reject",
    "we keep", "we accept", "we run", "we use", "we profile", "we measure", "we commit", "we only", "we discard",
    "we merge", "we land", "we revert", "we want", "do not", "don't", "only", "not allowed", "is forbidden",
    "are forbidden", "off-limits", "off limits", "not acceptable", "not enough", "call for", "calls for", "minimum",
    "threshold", "that means", "this means", "runs after", "run after", "read-only", "hands off",
];

/// What is said of a thing when a statement of the present tells what is done with it.
pub(super) const STATED: &[&str] = &[
    "rejected", "discarded", "reverted", "refused", "dropped", "accepted", "kept", "merged", "landed", "required",
    "run", "committed", "profiled", "measured", "thrown", "protected", "undone", "removed", "live", "lives", "reside",
    "resides", "located", "stored", "found", "get", "gets", "goes", "go", "belongs", "belong", "sit", "sits", "count",
    "counts", "needs", "need", "land", "lands", "stay", "stays", "comes", "come", "stand", "ships", "are in",
    "are under", "are at", "is in", "not worth",
];

/// Stems of what gets better.
pub(super) const GAIN: &[&str] = &[
    "improv", "gain", "speedup", "speed-up", "faster", "quicker", "reduc", "win", "wins", "better", "cheaper", "sav",
    "drop", "decreas", "lower", "cut", "shav", "benefit", "speed",
];

/// Stems of what else percentages are of.
pub(super) const OTHER_SHARES: &[&str] = &[
    "coverage", "regress", "slower", "slowdown", "worse", "worsen", "degrad", "overhead", "nois", "varia", "toleran",
    "deviat", "margin", "error", "confidence", "flak", "budget", "disk", "sample", "utili", "traffic", "users",
    "rollout", "fail", "increase", "quota", "discount", "jitter", "hit-rate",
];

/// What turns a change away.
pub(super) const TURN_AWAY: &[&str] = &[
    "reject", "rejected", "discard", "discarded", "drop", "dropped", "revert", "reverted", "refuse", "refused",
    "throw", "thrown", "undo", "undone", "abandon", "abandoned", "roll back", "rolled back", "back out", "backed out",
    "bin", "binned", "is out", "goes out",
];

/// What takes a change; a `not` turns it round.
pub(super) const TAKE: &[&str] = &[
    "keep", "kept", "accept", "accepted", "merge", "merged", "land", "landed", "lands", "ship", "shipped", "commit",
    "committed", "retain", "retained", "stay", "stays", "count", "counts", "submit", "enough", "worth", "acceptable",
    "allowed", "want", "wanted", "welcome",
];

/// What demands.
pub(super) const DEMAND: &[&str] = &[
    "must", "shall", "should", "require", "required", "requires", "has to", "have to", "needs to", "need to", "needs",
    "only", "demand", "insist", "minimum", "ensure", "threshold", "bar", "calls for",
];

/// Below a limit.
pub(super) const LESS: &[&str] = &[
    "less than", "<", "under", "below", "smaller than", "lower than", "fewer than", "short of",
    "beneath",
];

/// At a limit or above.
pub(super) const MORE: &[&str] = &[
    "at least", "> =", ">", "more than", "over", "above", "minimum of", "minimum", "exceed", "exceeds", "exceeding",
    "no less than", "not less than", "or more", "or better", "or greater", "greater than", "larger than",
    "bigger than", "reach", "reaches", "upwards of",
];

/// Not up to a limit.
pub(super) const NOT_MORE: &[&str] = &["not reach", "not exceed", "fails to reach", "fail to reach", "fails to exceed"];

/// A lower limit said with a `not`.
pub(super) const NO_LESS: &[&str] =
    &["no less than", "not less than", "nothing less than", "nothing under", "nothing below"];

/// What turns a demand round.
pub(super) const NEGATION: &[&str] = &[
    "not", "never", "don't", "doesn't", "isn't", "aren't", "no", "mustn't", "cannot", "can't", "without", "neither",
    "stop", "avoid", "omit", "ignore", "shouldn't", "won't", "haven't", "hasn't", "nothing", "nobody",
];

/// What forbids at the beginning of a clause.
pub(super) const FORBIDS: &[&str] = &["never", "do not", "don't", "no", "must not", "mustn't", "shall not", "cannot", "can't", "may not", "not"];

/// Stems of what is done to code.
pub(super) const CHANGE: &[&str] = &[
    "optimi", "chang", "edit", "commit", "patch", "step", "fix", "improvement", "speedup", "speed-up", "tweak",
    "propos", "modif", "attempt", "win", "merge", "landing", "gain", "touch", "tun", "rewrit",
];

/// Stems of what a change is based on.
pub(super) const EVIDENCE: &[&str] = &["profil", "baseline", "measur", "flame", "numbers"];

/// Stems of how evidence is made.
pub(super) const GATHER: &[&str] = &[
    "collect", "captur", "record", "tak", "gather", "measur", "profil", "obtain", "establish", "get", "run", "start",
    "begin", "produc",
];

/// For each.
pub(super) const EACH: &[&str] = &[
    "each", "every", "any", "per", "all", "always", "individually", "separately", "one at a time",
];

/// A commit that holds one thing.
pub(super) const OWN_COMMIT: &[&str] = &[
    "single commit", "one commit", "own commit", "separate commit", "separate commits", "individual commit",
    "individual commits", "atomic commit", "atomic commits", "self-contained commit", "commit of its own",
    "single revertible commit", "single reversible commit", "own revertible commit",
];

/// How commits are kept apart.
pub(super) const APART: &[&str] = &[
    "separately", "individually", "on its own", "by itself", "one at a time", "independently", "per commit",
    "in isolation",
];

/// Stems of throwing several into one.
pub(super) const MIX: &[&str] = &["mix", "bundl", "combin", "squash", "batch", "pack", "lump"];

/// Running tests, or their passing.
pub(super) const RUN: &[&str] = &[
    "run", "runs", "execute", "executed", "pass", "passes", "passing", "green", "rerun", "re-run", "succeed", "check",
    "verify", "validate", "confirm",
];

/// A rhythm that is not that of changes.
pub(super) const RHYTHM: &[&str] = &["nightly", "weekly", "daily", "release", "releases", "hourly", "monthly"];

/// Where a thing is.
pub(super) const LIVES: &[&str] = &[
    "live in", "lives in", "live under", "lives under", "reside in", "resides in", "are in", "is in", "located in",
    "found in", "kept in", "stored in", "are under", "is under", "belong in", "sit in", "go in", "go into",
    "stand in", "live at", "stay in", "live",
];

/// Stems of what is done to files.
pub(super) const TOUCH: &[&str] = &[
    "delet", "weaken", "remov", "edit", "modif", "chang", "touch", "disabl", "alter", "relax", "loosen", "rewrit",
    "drop", "simplif", "shrink", "trim",
];

/// Not to be touched.
pub(super) const CLOSED: &[&str] = &[
    "off-limits", "off limits", "read-only", "forbidden", "protected", "untouched", "frozen", "immutable", "hands off",
];
