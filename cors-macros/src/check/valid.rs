//! Converts a valid policy of `cors_rules`, and adds the origin sources.

use cors_rules::{PortPattern, ValidPolicy, str_set};
use syn::ExprPath;

use crate::checked::{Headers, HostPattern, Methods, OriginPattern, Origins, Policy, Port, Source};
use crate::written::{Entry, Written};

pub(super) fn policy(policy: &ValidPolicy<'_>, written: &Written) -> Policy {
    Policy {
        origins: origins(&policy.origins, written),
        methods: methods(&policy.methods),
        headers: headers(&policy.headers),
        expose: policy.expose.to_vec(),
        credentials: policy.credentials,
        max_age: policy.max_age,
        enforce: policy.enforce,
        hosts: policy.hosts.iter().map(host).collect(),
    }
}

fn origins(origins: &cors_rules::Origins<'_>, written: &Written) -> Origins {
    let cors_rules::Origins::List { patterns, regexes } = origins else {
        return Origins::Any;
    };
    let (exact, patterns): (Vec<_>, Vec<_>) = patterns.iter().partition(|it| it.is_exact());
    let mut exact: Vec<_> = exact.iter().map(ToString::to_string).collect();
    str_set::prepare(&mut exact);
    Origins::List {
        exact,
        patterns: patterns.into_iter().map(pattern).collect(),
        regexes: regexes.iter().map(ToString::to_string).collect(),
        sources: written.paths().map(source).collect(),
        async_sources: written.asks().map(source).collect(),
    }
}

fn pattern(pattern: &cors_rules::OriginPattern<'_>) -> OriginPattern {
    OriginPattern {
        scheme: pattern.scheme.to_owned(),
        subdomains: pattern.subdomains,
        host: pattern.host.to_owned(),
        port: port(pattern.port),
    }
}

fn host(pattern: &cors_rules::HostPattern<'_>) -> HostPattern {
    HostPattern {
        subdomains: pattern.subdomains,
        host: pattern.host.to_owned(),
        port: port(pattern.port),
    }
}

fn port(port: PortPattern<'_>) -> Port {
    match port {
        PortPattern::Absent => Port::Absent,
        PortPattern::Is(port) => Port::Is(port.to_owned()),
        PortPattern::Any => Port::Any,
    }
}

fn source((entry, path): (&Entry, &ExprPath)) -> Source {
    Source {
        text: entry.text.clone(),
        path: path.clone(),
    }
}

fn methods(methods: &cors_rules::Methods<'_>) -> Methods {
    match methods {
        cors_rules::Methods::Default => Methods::Default,
        cors_rules::Methods::Any => Methods::Any,
        cors_rules::Methods::List(names) => Methods::List(names.to_vec()),
    }
}

fn headers(headers: &cors_rules::Headers<'_>) -> Headers {
    match *headers {
        cors_rules::Headers::Any { authorization } => Headers::Any { authorization },
        cors_rules::Headers::List(names) => Headers::List(names.to_vec()),
    }
}
