//! Cookies, as far as they matter to credentials: hosts, paths, `Secure`, `SameSite` and expiry.

use std::time::{Duration, SystemTime};

use url::Url;

use super::origin::{is_address, is_public_suffix, is_trustworthy};

/// A [cookie store](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22).
#[derive(Debug, Default)]
pub(super) struct CookieJar(Vec<Cookie>);

#[derive(Debug)]
struct Cookie {
    name: String,
    value: String,
    host: String,
    is_host_only: bool,
    path: String,
    is_secure: bool,
    /// `SameSite=None`. Without the attribute, a cookie is `Lax`, as in Chromium.
    is_cross_site: bool,
    expires: Option<SystemTime>,
}

impl CookieJar {
    /// Stores the cookie of a `Set-Cookie` line, unless one of its attributes forbids it.
    pub(super) fn store(&mut self, line: &str, url: &Url, is_same_site: bool, now: SystemTime) {
        let Some(cookie) = Cookie::parse(line, url, now) else {
            return;
        };
        self.0
            .retain(|old| old.expires.is_none_or(|expires| now < expires));
        let is_refused = (cookie.is_secure && !is_trustworthy(url))
            || (cookie.is_cross_site && !cookie.is_secure)
            || (!cookie.is_cross_site && !is_same_site)
            || cookie.breaks_prefix()
            || (!is_trustworthy(url) && self.0.iter().any(|old| cookie.hides(old)));
        if is_refused {
            return;
        }
        // A cookie keeps its place, which is by the time of its creation.
        match self.0.iter_mut().find(|old| old.key() == cookie.key()) {
            Some(old) => *old = cookie,
            None => self.0.push(cookie),
        }
    }

    /// Returns the value of the header `Cookie`. Longer paths are first.
    pub(super) fn header(&self, url: &Url, is_same_site: bool, now: SystemTime) -> Option<String> {
        let sent = |cookie: &&Cookie| {
            cookie.matches(url)
                && (is_same_site || cookie.is_cross_site)
                && cookie.expires.is_none_or(|expires| now < expires)
        };
        let mut cookies: Vec<&Cookie> = self.0.iter().filter(sent).collect();
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = cookies.iter().map(|cookie| cookie.pair()).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

impl Cookie {
    fn parse(line: &str, url: &Url, now: SystemTime) -> Option<Self> {
        let mut parts = line.split(';').map(str::trim);
        let pair = parts.next().filter(|pair| !matches!(*pair, "" | "="))?;
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let mut cookie = Self {
            name: name.trim_end().to_owned(),
            value: value.trim_start().to_owned(),
            host: url.host_str()?.to_owned(),
            is_host_only: true,
            path: default_path(url),
            is_secure: false,
            is_cross_site: false,
            expires: None,
        };
        let mut max_age = None;
        for attribute in parts {
            let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            let value = value.trim();
            match &*name.trim().to_ascii_lowercase() {
                "domain" => cookie.set_domain(value)?,
                "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
                "path" => cookie.path = default_path(url),
                "secure" => cookie.is_secure = true,
                "samesite" => cookie.is_cross_site = value.eq_ignore_ascii_case("none"),
                "max-age" => max_age = parse_seconds(value).or(max_age),
                "expires" => cookie.expires = parse_date(value).or(cookie.expires),
                _ => {}
            }
        }
        if let Some(max_age) = max_age {
            cookie.expires = now.checked_add(max_age);
        }
        Some(cookie)
    }

    /// Returns `None` if the host may not set cookies for the domain.
    fn set_domain(&mut self, domain: &str) -> Option<()> {
        let domain = domain
            .strip_prefix('.')
            .unwrap_or(domain)
            .to_ascii_lowercase();
        if domain.is_empty() || domain == self.host && is_public_suffix(&domain) {
            return Some(());
        }
        if !is_domain_of(&domain, &self.host) || is_public_suffix(&domain) {
            return None;
        }
        self.host = domain;
        self.is_host_only = false;
        Some(())
    }

    fn key(&self) -> (&str, &str, bool, &str) {
        (&self.name, &self.host, self.is_host_only, &self.path)
    }

    /// Returns whether the cookie, set without TLS, would hide a secure one.
    fn hides(&self, old: &Self) -> bool {
        let is_of_host = is_domain_of(&self.host, &old.host) || is_domain_of(&old.host, &self.host);
        let is_of_path = is_path_of(&old.path, &self.path);
        !self.is_secure && old.is_secure && old.name == self.name && is_of_host && is_of_path
    }

    fn breaks_prefix(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        let is_host = name.starts_with("__host-");
        ((is_host || name.starts_with("__secure-")) && !self.is_secure)
            || (is_host && !(self.is_host_only && self.path == "/"))
    }

    fn matches(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let is_of_host =
            host == self.host || (!self.is_host_only && is_domain_of(&self.host, host));
        is_of_host && is_path_of(&self.path, url.path()) && (!self.is_secure || is_trustworthy(url))
    }

    fn pair(&self) -> String {
        let separator = if self.name.is_empty() { "" } else { "=" };
        format!("{}{separator}{}", self.name, self.value)
    }
}

/// [Path-matches](https://datatracker.ietf.org/doc/html/rfc6265#section-5.1.4).
fn is_path_of(cookie: &str, path: &str) -> bool {
    let rest = path.strip_prefix(cookie);
    rest.is_some_and(|r| cookie.ends_with('/') || r.is_empty() || r.starts_with('/'))
}

/// Parses `Max-Age`. A negative number is 0.
fn parse_seconds(value: &str) -> Option<Duration> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = if digits.len() == value.len() {
        digits.parse().unwrap_or(u64::MAX)
    } else {
        0
    };
    Some(Duration::from_secs(seconds))
}

/// Parses a date of HTTP, also with dashes, as in `01-Jan-1970`.
fn parse_date(value: &str) -> Option<SystemTime> {
    let parse = |date: &str| httpdate::parse_http_date(date).ok();
    parse(value).or_else(|| parse(&value.replace('-', " ").replace("UTC", "GMT")))
}

/// [Domain-matches](https://datatracker.ietf.org/doc/html/rfc6265#section-5.1.3).
fn is_domain_of(domain: &str, host: &str) -> bool {
    let subdomain = host.strip_suffix(domain);
    let is_subdomain = subdomain.is_some_and(|rest| rest.ends_with('.')) && !is_address(host);
    host == domain || is_subdomain
}

/// Returns the path up to the last slash.
fn default_path(url: &Url) -> String {
    let path = url.path();
    match path.rfind('/') {
        Some(end) if end > 0 => path[..end].to_owned(),
        _ => "/".to_owned(),
    }
}
