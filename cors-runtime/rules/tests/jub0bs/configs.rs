//! Whole configurations, and what jub0bs/cors objects to in them.

use cors_rules::{Field, Rule};

pub(crate) struct Config {
    pub(crate) desc: &'static str,
    pub(crate) origins: &'static [&'static str],
    pub(crate) methods: Option<&'static [&'static str]>,
    pub(crate) headers: &'static [&'static str],
    pub(crate) expose: &'static [&'static str],
    pub(crate) credentials: bool,
    /// `0`: no header; `-1`: the header with `0`.
    pub(crate) max_age: i64,
    /// `DangerouslyTolerate...`
    pub(crate) allow: &'static [Rule],
    /// Where the mistakes are, and the value that is one.
    pub(crate) errors: &'static [(Field, Option<&'static str>)],
}

const CONFIG: Config = Config {
    desc: "",
    origins: &[],
    methods: None,
    headers: &[],
    expose: &[],
    credentials: false,
    max_age: 0,
    allow: &[],
    errors: &[],
};

/// The 15 that are valid to jub0bs/cors, then the 23 that are not.
pub(crate) const CONFIGS: [Config; 38] = [
    Config {
        desc: "passthrough",
        ..CONFIG
    },
    Config {
        desc: "anonymous allow all",
        origins: &["*"],
        methods: Some(&["*"]),
        headers: &["authoriZation", "*", "Authorization"],
        expose: &["*"],
        ..CONFIG
    },
    Config {
        desc: "anonymous allow all but not Authorization request header",
        origins: &["*"],
        methods: Some(&["*"]),
        headers: &["*"],
        expose: &["*"],
        ..CONFIG
    },
    Config {
        desc: "discrete methods discrete headers zero max age",
        origins: &["https://example.com", "https://example.com"],
        headers: &["x-foO", "x-Bar", "authoRizaTion", "Authorization"],
        expose: &["x-FOO", "X-baR", "x-foo"],
        max_age: -1,
        ..CONFIG
    },
    Config {
        desc: "credentialed all req headers",
        origins: &[
            "http://example.com",
            "https://*.example.com:8080",
            "https://*.foo.example.com:8080",
        ],
        methods: Some(&["POST", "PUT", "DELETE", "GET"]),
        headers: &["*"],
        expose: &["x-FOO", "X-baR", "x-foo"],
        credentials: true,
        max_age: 86400,
        allow: &[Rule::InsecureOrigin],
        ..CONFIG
    },
    Config {
        desc: "discrete origin patterns in addition to wildcard",
        origins: &[
            "http://example.com",
            "http://example.com",
            "https://*.example.com",
            "https://*.example.com",
            "*",
            "*",
        ],
        ..CONFIG
    },
    Config {
        desc: "safelisted response-header names",
        origins: &["http://example.com"],
        expose: &[
            "Cache-Control",
            "content-Language",
            "content-lEngth",
            "content-typE",
            "expireS",
            "lasT-modified",
            "prAgmA",
            "X-Foo",
        ],
        ..CONFIG
    },
    Config {
        desc: "discrete methods in addition to wildcard",
        origins: &["http://example.com"],
        methods: Some(&[
            "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "*", "*",
        ]),
        ..CONFIG
    },
    Config {
        desc: "browser-normalized methods",
        origins: &["http://example.com"],
        methods: Some(&[
            "Get",
            "get",
            "gET",
            "Head",
            "head",
            "hEAD",
            "Post",
            "post",
            "pOST",
            "getaway",
            "headstrong",
            "postal",
        ]),
        ..CONFIG
    },
    Config {
        desc: "discrete request-header names in addition to wildcard (anonymous)",
        origins: &["http://example.com"],
        headers: &["Authorization", "X-Api-Key", "*", "*", "AuthorizatioN"],
        ..CONFIG
    },
    Config {
        desc: "discrete request-header names in addition to wildcard (credentialed)",
        origins: &["https://example.com"],
        headers: &["Authorization", "X-Api-Key", "*", "*", "AuthorizatioN"],
        credentials: true,
        ..CONFIG
    },
    Config {
        desc: "discrete response-header names in addition to wildcard",
        origins: &["http://example.com"],
        expose: &["X-Foo", "X-Bar", "*", "*"],
        ..CONFIG
    },
    Config {
        desc: "max age with no possible preflight",
        origins: &["http://example.com"],
        max_age: 10,
        ..CONFIG
    },
    Config {
        desc: "wildcard pattern encompassing subdomains of a public suffix",
        origins: &["https://*.com"],
        allow: &[Rule::PublicSuffix],
        ..CONFIG
    },
    Config {
        desc: "many origins",
        origins: &[
            "https://bat",
            "https://cat",
            "https://fat",
            "https://hat",
            "https://meerkat",
            "https://mat",
            "https://oat",
            "https://pat",
            "https://rat",
            "https://sat",
        ],
        ..CONFIG
    },
    Config {
        desc: "no origin pattern specified",
        errors: &[(Field::Origins, None)],
        ..CONFIG
    },
    Config {
        desc: "null origin",
        origins: &["null"],
        errors: &[(Field::Origins, Some("null"))],
        ..CONFIG
    },
    Config {
        desc: "invalid origin pattern",
        origins: &["http://example.com:6060/path"],
        errors: &[(Field::Origins, Some("http://example.com:6060/path"))],
        ..CONFIG
    },
    Config {
        desc: "empty method name",
        origins: &["https://example.com"],
        methods: Some(&[""]),
        errors: &[(Field::Methods, Some(""))],
        ..CONFIG
    },
    Config {
        desc: "invalid method name",
        origins: &["https://example.com"],
        methods: Some(&["résumé"]),
        errors: &[(Field::Methods, Some("résumé"))],
        ..CONFIG
    },
    Config {
        desc: "forbidden method name",
        origins: &["https://example.com"],
        methods: Some(&["GET", "CONNECT"]),
        errors: &[(Field::Methods, Some("CONNECT"))],
        ..CONFIG
    },
    Config {
        desc: "empty request-header name",
        origins: &["https://example.com"],
        headers: &[""],
        errors: &[(Field::Headers, Some(""))],
        ..CONFIG
    },
    Config {
        desc: "invalid request-header name",
        origins: &["https://example.com"],
        headers: &["résumé"],
        errors: &[(Field::Headers, Some("résumé"))],
        ..CONFIG
    },
    Config {
        desc: "forbidden request-header name",
        origins: &["https://example.com"],
        headers: &["Connection"],
        errors: &[(Field::Headers, Some("Connection"))],
        ..CONFIG
    },
    Config {
        desc: "forbidden request-header name with Sec- prefix",
        origins: &["https://example.com"],
        headers: &["Sec-Foo"],
        errors: &[(Field::Headers, Some("Sec-Foo"))],
        ..CONFIG
    },
    Config {
        desc: "forbidden request-header name with Proxy- prefix",
        origins: &["https://example.com"],
        headers: &["Proxy-Foo"],
        errors: &[(Field::Headers, Some("Proxy-Foo"))],
        ..CONFIG
    },
    Config {
        desc: "prohibited request-header name",
        origins: &["https://example.com"],
        headers: &["Access-Control-Allow-Origin"],
        errors: &[(Field::Headers, Some("Access-Control-Allow-Origin"))],
        ..CONFIG
    },
    Config {
        desc: "max age less than -1",
        origins: &["https://example.com"],
        headers: &["Content-Type", "Authorization"],
        max_age: -2,
        errors: &[(Field::MaxAge, None)],
        ..CONFIG
    },
    Config {
        desc: "max age exceeds upper bound",
        origins: &["https://example.com"],
        headers: &["Content-Type", "Authorization"],
        max_age: 86401,
        errors: &[(Field::MaxAge, None)],
        ..CONFIG
    },
    Config {
        desc: "empty response-header name",
        origins: &["https://example.com"],
        expose: &[""],
        errors: &[(Field::Expose, Some(""))],
        ..CONFIG
    },
    Config {
        desc: "invalid response-header name",
        origins: &["https://example.com"],
        expose: &["résumé"],
        errors: &[(Field::Expose, Some("résumé"))],
        ..CONFIG
    },
    Config {
        desc: "forbidden response-header name",
        origins: &["https://example.com"],
        expose: &["Set-Cookie"],
        errors: &[(Field::Expose, Some("Set-Cookie"))],
        ..CONFIG
    },
    Config {
        desc: "prohibited response-header name",
        origins: &["https://example.com"],
        expose: &["Access-Control-Request-Method"],
        errors: &[(Field::Expose, Some("Access-Control-Request-Method"))],
        ..CONFIG
    },
    Config {
        desc: "wildcard origin with Credentialed",
        origins: &["*"],
        credentials: true,
        errors: &[(Field::Origins, Some("*"))],
        ..CONFIG
    },
    Config {
        desc: "insecure origin with Credentialed without DangerouslyTolerateInsecureOrigins",
        origins: &["http://example.com:6060", "http://*.example.com:6060"],
        credentials: true,
        errors: &[
            (Field::Origins, Some("http://example.com:6060")),
            (Field::Origins, Some("http://*.example.com:6060")),
        ],
        ..CONFIG
    },
    Config {
        desc: "wildcard pattern encompassing subdomains of a public suffix with Credentialed \
               without DangerouslyTolerateSubdomainsOfPublicSuffixes",
        origins: &["https://*.com"],
        credentials: true,
        errors: &[(Field::Origins, Some("https://*.com"))],
        ..CONFIG
    },
    Config {
        desc: "wildcard response-header name with Credentialed",
        origins: &["https://example.com"],
        expose: &["*"],
        credentials: true,
        errors: &[(Field::Expose, Some("*"))],
        ..CONFIG
    },
    Config {
        desc: "multiple configuration issues",
        origins: &["http://example.com", "https://example.com/"],
        methods: Some(&["CONNECT", "résumé"]),
        headers: &["résumé", "Access-Control-Allow-Origin"],
        max_age: 86401,
        errors: &[
            (Field::Origins, Some("https://example.com/")),
            (Field::Methods, Some("CONNECT")),
            (Field::Methods, Some("résumé")),
            (Field::Headers, Some("résumé")),
            (Field::Headers, Some("Access-Control-Allow-Origin")),
            (Field::MaxAge, None),
        ],
        ..CONFIG
    },
];
