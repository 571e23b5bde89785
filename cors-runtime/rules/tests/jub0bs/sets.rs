//! Lists of patterns: the patterns that are kept, and the origins that they match.

pub(crate) struct Set {
    pub(crate) desc: &'static str,
    pub(crate) patterns: &'static [&'static str],
    /// The patterns that jub0bs/cors keeps.
    pub(crate) kept: &'static [&'static str],
    pub(crate) accepts: &'static [&'static str],
    pub(crate) rejects: &'static [&'static str],
}

/// The number of cases in `accepts` and `rejects`.
pub(crate) const ASSERTIONS: usize = 347;

#[rustfmt::skip]
pub(crate) const SETS: [Set; 12] = [
    Set {
        desc: "empty tree",
        patterns: &[],
        kept: &[],
        accepts: &[],
        rejects: &["https://cat", "https://concat", "https://kin", "https://pin"],
    },
    Set {
        desc: "one wildcard-free pattern",
        patterns: &["https://cat"],
        kept: &["https://cat"],
        accepts: &["https://cat"],
        rejects: &["https://concat", "https://kin", "https://pin"],
    },
    Set {
        desc: "wildcard-free patterns",
        patterns: &["https://cat", "https://concat", "https://kin", "https://pin"],
        kept: &["https://cat", "https://concat", "https://kin", "https://pin"],
        accepts: &["https://cat", "https://concat", "https://kin", "https://pin"],
        rejects: &[
            "http://cat", "http://concat", "http://kin", "http://pin", "https://cat:1", "https://concat:1",
            "https://kin:1", "https://pin:1", "https://ca", "https://con", "https://ki", "https://p", "https://at",
            "https://ncat", "https://in", "https://n", "https://copycat", "https://stringconcat", "https://akin",
            "https://bespin", "https://pkin", "https://kpin",
        ],
    },
    Set {
        desc: "wildcard-free patterns with some duplicates",
        patterns: &[
            "https://cat", "https://concat", "https://kin", "https://pin", "https://cat", "https://concat",
            "https://kin", "https://pin",
        ],
        kept: &["https://cat", "https://concat", "https://kin", "https://pin"],
        accepts: &["https://cat", "https://concat", "https://kin", "https://pin"],
        rejects: &[
            "http://cat", "http://concat", "http://kin", "http://pin", "https://cat:1", "https://concat:1",
            "https://kin:1", "https://pin:1", "https://ca", "https://con", "https://ki", "https://p", "https://at",
            "https://ncat", "https://in", "https://n", "https://copycat", "https://stringconcat", "https://akin",
            "https://bespin", "https://pkin", "https://kpin",
        ],
    },
    Set {
        desc: "wildcard-free host patterns, multiple ports",
        patterns: &[
            "https://cat", "https://concat", "https://kin", "https://pin", "https://cat:1", "https://concat:1",
            "https://kin:1", "https://pin:1",
        ],
        kept: &[
            "https://cat", "https://cat:1", "https://concat", "https://concat:1", "https://kin", "https://kin:1",
            "https://pin", "https://pin:1",
        ],
        accepts: &[
            "https://cat", "https://concat", "https://kin", "https://pin", "https://cat:1", "https://concat:1",
            "https://kin:1", "https://pin:1",
        ],
        rejects: &[
            "http://cat", "http://concat", "http://kin", "http://pin", "http://cat:1", "http://concat:1",
            "http://kin:1", "http://pin:1", "https://cat:2", "https://concat:2", "https://kin:2", "https://pin:2",
            "https://ca", "https://con", "https://ki", "https://p", "https://ca:1", "https://con:1", "https://ki:1",
            "https://p:1", "https://at", "https://ncat", "https://in", "https://n", "https://at:1", "https://ncat:1",
            "https://in:1", "https://n:1", "https://copycat", "https://stringconcat", "https://akin", "https://bespin",
            "https://copycat:1", "https://stringconcat:1", "https://akin:1", "https://bespin:1", "https://pkin",
            "https://kpin", "https://pkin:1", "https://kpin:1",
        ],
    },
    Set {
        desc: "wildcard-free patterns in reverse insertion order",
        patterns: &["https://pin", "https://kin", "https://concat", "https://cat"],
        kept: &["https://cat", "https://concat", "https://kin", "https://pin"],
        accepts: &["https://cat", "https://concat", "https://kin", "https://pin"],
        rejects: &[
            "http://cat", "http://concat", "http://kin", "http://pin", "https://cat:1", "https://concat:1",
            "https://kin:1", "https://pin:1", "https://ca", "https://con", "https://ki", "https://p", "https://at",
            "https://ncat", "https://in", "https://n", "https://copycat", "https://stringconcat", "https://akin",
            "https://bespin", "https://pkin", "https://kpin",
        ],
    },
    Set {
        desc: "some wildcard-full patterns",
        patterns: &[
            "https://cat", "https://concat", "https://*.kin", "https://a.kin", "https://*.kin:1", "https://pin",
        ],
        kept: &["https://*.kin", "https://*.kin:1", "https://cat", "https://concat", "https://pin"],
        accepts: &[
            "https://cat", "https://concat", "https://a.kin", "https://pin", "https://nap.kin", "https://nap.kin:1",
        ],
        rejects: &[
            "http://cat", "http://concat", "http://a.kin", "http://pin", "http://nap.kin", "http://nap.kin:1",
            "http://cat:1", "http://concat:1", "http://pin:1", "http://ca", "http://conca", "http://nap.ki",
            "http://p", "http://at", "http://ncat", "http://in", "http://n", "https://copycat", "https://stringconcat",
            "https://bespin", "https://nap.kin:2", "https://nap.kin:3",
        ],
    },
    Set {
        desc: "some wildcard-full patterns in reverse insertion order",
        patterns: &[
            "https://pin", "https://*.kin:1", "https://a.kin", "https://*.kin", "https://concat", "https://cat",
        ],
        kept: &["https://*.kin", "https://*.kin:1", "https://cat", "https://concat", "https://pin"],
        accepts: &[
            "https://cat", "https://concat", "https://a.kin", "https://pin", "https://nap.kin", "https://nap.kin:1",
        ],
        rejects: &[
            "http://cat", "http://concat", "http://a.kin", "http://pin", "http://nap.kin", "http://nap.kin:1",
            "http://cat:1", "http://concat:1", "http://pin:1", "http://ca", "http://conca", "http://nap.ki",
            "http://p", "http://at", "http://ncat", "http://in", "http://n", "https://copycat", "https://stringconcat",
            "https://bespin", "https://nap.kin:2", "https://nap.kin:3",
        ],
    },
    Set {
        desc: "wildcard-free patterns and wildcard port",
        patterns: &["https://cat", "https://cat:*", "https://concat:*", "https://kin", "https://pin"],
        kept: &["https://cat:*", "https://concat:*", "https://kin", "https://pin"],
        accepts: &["https://cat", "https://concat", "https://cat:1", "https://concat:1", "https://kin", "https://pin"],
        rejects: &[
            "http://cat", "http://concat", "http://cat:1", "http://concat:1", "http://kin", "http://pin",
            "http://kin:1", "http://pin:1", "https://ca", "https://con", "https://ki", "https://p", "https://at",
            "https://ncat", "https://in", "https://n", "https://copycat", "https://stringconcat", "https://akin",
            "https://bespin", "https://pkin", "https://kpin",
        ],
    },
    Set {
        desc: "some wildcard-full patterns and wildcard port",
        patterns: &["https://cat", "https://concat", "https://*.kin", "https://*.kin:*", "https://pin"],
        kept: &["https://*.kin:*", "https://cat", "https://concat", "https://pin"],
        accepts: &[
            "https://cat", "https://concat", "https://pin", "https://nap.kin", "https://nap.kin:1",
            "https://nap.kin:65355",
        ],
        rejects: &[
            "http://cat", "http://concat", "http://pin", "http://nap.kin", "http://nap.kin:1", "http://nap.kin:65355",
            "https://cat:1", "https://concat:1", "https://pin:1", "https://ca", "https://con", "https://nap.ki",
            "https://p", "https://at", "https://ncat", "https://in", "https://n", "https://copycat",
            "https://stringconcat", "https://bespin",
        ],
    },
    Set {
        desc: "regression tests for https://github.com/jub0bs/cors/issues/12",
        patterns: &[
            "https://*.example.net", "https://example.net:8080", "https://example.net", "https://*.example.org",
            "https://example.org:8080", "https://example.org", "https://*.example.com", "https://example.com:8080",
            "https://example.com",
        ],
        kept: &[
            "https://*.example.net", "https://example.net:8080", "https://example.net", "https://*.example.org",
            "https://example.org:8080", "https://example.org", "https://*.example.com", "https://example.com:8080",
            "https://example.com",
        ],
        accepts: &[
            "https://foo.example.net", "https://example.net:8080", "https://example.net", "https://foo.example.org",
            "https://example.org:8080", "https://example.org", "https://foo.example.com", "https://example.com:8080",
            "https://example.com",
        ],
        rejects: &[
            "http://foo.example.net", "http://example.net:8080", "http://example.net", "http://foo.example.org",
            "http://example.org:8080", "http://example.org", "http://foo.example.com", "http://example.com:8080",
            "http://example.com", "https://foo.example.net:6060", "https://example.net:6060",
            "https://foo.example.org:6060", "https://example.org:6060", "https://foo.example.com:6060",
            "https://example.com:6060", "https://foo.example.ne", "https://example.ne:8080", "https://example.ne",
            "https://foo.example.or", "https://example.or:8080", "https://example.or", "https://foo.example.co",
            "https://example.co:8080", "https://example.co", "https://foo.xample.net", "https://xample.net:8080",
            "https://xample.net", "https://foo.xample.org", "https://xample.org:8080", "https://xample.org",
            "https://foo.xample.com", "https://xample.com:8080", "https://xample.com", "https://foo.fooexample.net",
            "https://fooexample.net:8080", "https://fooexample.net", "https://foo.fooexample.org",
            "https://fooexample.org:8080", "https://fooexample.org", "https://foo.fooexample.com",
            "https://fooexample.com:8080", "https://fooexample.com",
        ],
    },
    Set {
        desc: "many pairs in mapping",
        patterns: &[
            "https://bat", "https://cat", "https://fat", "https://hat", "https://meerkat", "https://mat",
            "https://oat", "https://pat", "https://rat", "https://sat",
        ],
        kept: &[
            "https://bat", "https://cat", "https://fat", "https://hat", "https://meerkat", "https://mat",
            "https://oat", "https://pat", "https://rat", "https://sat",
        ],
        accepts: &[
            "https://bat", "https://cat", "https://fat", "https://hat", "https://meerkat", "https://mat",
            "https://oat", "https://pat", "https://rat", "https://sat",
        ],
        rejects: &[
            "http://bat", "http://cat", "http://fat", "http://hat", "http://meerkat", "http://mat", "http://oat",
            "http://pat", "http://rat", "http://sat", "https://bat:6060", "https://cat:6060", "https://fat:6060",
            "https://hat:6060", "https://meerkat:6060", "https://mat:6060", "https://oat:6060", "https://pat:6060",
            "https://rat:6060", "https://sat:6060", "https://ba", "https://ca", "https://fa", "https://ha",
            "https://meerka", "https://ma", "https://oa", "https://pa", "https://ra", "https://sa", "https://at",
            "https://eerkat", "https://foobat", "https://foocat", "https://foofat", "https://foohat",
            "https://foomeerkat", "https://foomat", "https://foooat", "https://foopat", "https://foorat",
            "https://foosat",
        ],
    },
];
