//! Header lists of the standard: lines in order, with values of any bytes.

use http::{HeaderMap, HeaderName, HeaderValue};

/// A [header list](https://fetch.spec.whatwg.org/#concept-header-list).
#[derive(Clone, Debug, Default)]
pub(super) struct HeaderList(Vec<(String, Vec<u8>)>);

impl HeaderList {
    pub(super) fn append(&mut self, name: impl Into<String>, value: impl AsRef<[u8]>) {
        self.0.push((name.into(), value.as_ref().to_vec()));
    }

    /// Appends the value to the first line of this name, as `setRequestHeader` does.
    pub(super) fn combine(&mut self, name: &str, value: &[u8]) {
        let line = self
            .0
            .iter_mut()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        if let Some((_, combined)) = line {
            *combined = [combined, b", ".as_slice(), value].concat();
        } else {
            self.append(name, value);
        }
    }

    pub(super) fn delete(&mut self, name: &str) {
        self.retain(|n| !n.eq_ignore_ascii_case(name));
    }

    pub(super) fn retain(&mut self, mut keeps: impl FnMut(&str) -> bool) {
        self.0.retain(|(name, _)| keeps(name));
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    pub(super) fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let lines = self.iter();
        lines
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// [Gets](https://fetch.spec.whatwg.org/#concept-header-list-get) all values of a name, joined.
    pub(super) fn get(&self, name: &str) -> Option<Vec<u8>> {
        let values: Vec<&[u8]> = self.values(name).collect();
        (!values.is_empty()).then(|| values.join(b", ".as_slice()))
    }

    /// Returns the lines that the `http` crate can carry: it refuses control bytes in a value.
    pub(super) fn to_header_map(&self) -> HeaderMap {
        let lines = self.iter().filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::from_bytes(value).ok()?))
        });
        let mut headers = HeaderMap::new();
        lines.for_each(|(name, value)| _ = headers.try_append(name, value));
        headers
    }
}

impl From<&HeaderMap> for HeaderList {
    fn from(headers: &HeaderMap) -> Self {
        headers
            .iter()
            .map(|(name, value)| (name, trim_spaces(value.as_bytes())))
            .collect()
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> FromIterator<(N, V)> for HeaderList {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(lines: I) -> Self {
        let mut list = Self::default();
        for (name, value) in lines {
            list.append(name.as_ref(), value);
        }
        list
    }
}

/// [Normalizes](https://fetch.spec.whatwg.org/#concept-header-value-normalize) a value of a page.
pub(super) fn normalize(value: &[u8]) -> &[u8] {
    trim(value, b" \t\n\r")
}

/// Removes the white space around a value on the wire, or around an element of a list.
pub(super) fn trim_spaces(value: &[u8]) -> &[u8] {
    trim(value, b" \t")
}

fn trim<'a>(value: &'a [u8], spaces: &[u8]) -> &'a [u8] {
    let is_content = |byte: &u8| !spaces.contains(byte);
    let start = value.iter().position(is_content).unwrap_or(value.len());
    let end = value
        .iter()
        .rposition(is_content)
        .map_or(start, |last| last + 1);
    &value[start..end]
}

/// Decodes each byte as one character.
pub(super) fn decode(value: &[u8]) -> String {
    value.iter().copied().map(char::from).collect()
}

pub(super) fn is_token(value: &[u8]) -> bool {
    let is_token_byte =
        |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !value.is_empty() && value.iter().all(is_token_byte)
}

/// [Extracts the values](https://fetch.spec.whatwg.org/#extract-header-list-values) of a header
/// whose value is a list of tokens. One element that is not a token makes the whole list invalid.
pub(super) fn tokens(name: &str, headers: &HeaderList) -> Result<Option<Vec<String>>, InvalidList> {
    let elements = headers
        .values(name)
        .flat_map(|value| value.split(|byte| *byte == b','));
    let elements = elements
        .map(trim_spaces)
        .filter(|element| !element.is_empty());
    let tokens: Option<Vec<String>> = elements
        .map(|element| is_token(element).then(|| decode(element)))
        .collect();
    let tokens = tokens.ok_or(InvalidList)?;
    Ok(headers.contains(name).then_some(tokens))
}

/// A header whose value does not match its grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InvalidList;
