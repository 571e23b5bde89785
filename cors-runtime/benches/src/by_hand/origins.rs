//! Origins, compared by hand: each function returns the value of `Access-Control-Allow-Origin`.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use http::HeaderValue;
use regex::bytes::Regex;

/// The origins of [`EXACT`](super::EXACT).
pub(crate) fn exact(origin: &HeaderValue) -> Option<HeaderValue> {
    const APP: HeaderValue = HeaderValue::from_static("https://app.example.com");
    const ADMIN: HeaderValue = HeaderValue::from_static("https://admin.example.com");
    const WWW: HeaderValue = HeaderValue::from_static("https://www.example.com");
    match origin.as_bytes() {
        b"https://app.example.com" => Some(APP),
        b"https://admin.example.com" => Some(ADMIN),
        b"https://www.example.com" => Some(WWW),
        _ => None,
    }
}

/// `*`
// Has the same signature as the other functions.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn any(_: &HeaderValue) -> Option<HeaderValue> {
    Some(HeaderValue::from_static("*"))
}

/// `https://*.example.com`
pub(crate) fn subdomains(origin: &HeaderValue) -> Option<HeaderValue> {
    let labels = origin
        .as_bytes()
        .strip_prefix(b"https://")?
        .strip_suffix(b".example.com")?;
    let is_label = |label: &[u8]| !label.is_empty() && label.iter().copied().all(is_label_byte);
    let allowed = labels.len() <= 240 && labels.split(|&byte| byte == b'.').all(is_label);
    allowed.then(|| origin.clone())
}

fn is_label_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_')
}

/// `http://localhost:*`
pub(crate) fn ports(origin: &HeaderValue) -> Option<HeaderValue> {
    let allowed = match origin.as_bytes().strip_prefix(b"http://localhost")? {
        [] => true,
        [b':', port @ ..] => {
            matches!(port, [b'1'..=b'9', ..])
                && port.len() <= 5
                && port.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    allowed.then(|| origin.clone())
}

/// `https://pr-[0-9]+\.example\.dev`
pub(crate) fn regex() -> impl Fn(&HeaderValue) -> Option<HeaderValue> + Clone + Send + Sync {
    let regex = Regex::new(r"^https://pr-[0-9]+\.example\.dev$").expect("a regex");
    let regex = Arc::new(regex);
    move |origin| regex.is_match(origin.as_bytes()).then(|| origin.clone())
}

/// Looks an origin up in a map with a cheap hash. The values are static.
pub(crate) fn map(
    count: usize,
) -> impl Fn(&HeaderValue) -> Option<HeaderValue> + Clone + Send + Sync {
    let entry = |origin: String| {
        let origin: &'static str = origin.leak();
        (origin.as_bytes(), HeaderValue::from_static(origin))
    };
    let map: HashMap<&'static [u8], HeaderValue, BuildHasherDefault<Fx>> =
        crate::requests::origins(count).map(entry).collect();
    let map = Arc::new(map);
    move |origin| map.get(origin.as_bytes()).cloned()
}

/// The hash function of rustc.
#[derive(Default)]
struct Fx(u64);

impl Fx {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Fx {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.add(u64::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}
