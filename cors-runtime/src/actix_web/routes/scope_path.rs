//! The part of a path that scopes match, segment by segment.
//!
//! actix-web matches one scope after the other, so two nested scopes can use the same parameter
//! name. The patterns of scopes are therefore never joined.

/// The patterns of all outer scopes of a service.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ScopePath(Option<Vec<Segment>>);

#[derive(Debug, PartialEq, Eq)]
enum Segment {
    Static(String),
    Parameter,
}

/// A scope contains a regular expression, or a parameter that is only a part of a segment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown;

impl ScopePath {
    pub(super) fn parse(scopes: &str) -> Self {
        let segments = scopes.split('/').skip(1);
        Self(segments.map(Segment::parse).collect())
    }

    pub(super) fn has_parameters(&self) -> bool {
        let mut segments = self.0.iter().flatten();
        self.0.is_none() || segments.any(|segment| *segment == Segment::Parameter)
    }

    /// Returns the length of the path that the scopes match, or `None` if they do not match.
    pub(super) fn find(&self, path: &str) -> Result<Option<usize>, Unknown> {
        let segments = self.0.as_ref().ok_or(Unknown)?;
        let mut rest = path;
        for segment in segments {
            let Some(inner) = rest.strip_prefix('/') else {
                return Ok(None);
            };
            let end = inner.find('/').unwrap_or(inner.len());
            if !segment.matches(&inner[..end]) {
                return Ok(None);
            }
            rest = &inner[end..];
        }
        Ok(Some(path.len() - rest.len()))
    }
}

impl Segment {
    fn parse(segment: &str) -> Option<Self> {
        if segment.is_empty() {
            return None;
        }
        if !segment.contains(['{', '}']) {
            return Some(Self::Static(segment.to_owned()));
        }
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        (!name.contains([':', '{', '}'])).then_some(Self::Parameter)
    }

    fn matches(&self, segment: &str) -> bool {
        match self {
            Self::Static(text) => text == segment,
            Self::Parameter => !segment.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ScopePath, Unknown};

    fn find(scopes: &str, path: &str) -> Result<Option<usize>, Unknown> {
        ScopePath::parse(scopes).find(path)
    }

    #[test]
    fn scopes_take_whole_segments() {
        assert_eq!(find("", "/a"), Ok(Some(0)));
        assert_eq!(find("/a", "/a"), Ok(Some(2)));
        assert_eq!(find("/a", "/ab"), Ok(None));
        assert_eq!(
            find("/orgs/{id}/users/{id}", "/orgs/1/users/2/x"),
            Ok(Some(15))
        );
        assert_eq!(find("/{id}", "/"), Ok(None));
        assert_eq!(find(r"/{id:\d+}", "/1"), Err(Unknown));
        assert_eq!(find("/v{id}", "/v1"), Err(Unknown));
        assert_eq!(find("/a/", "/a/"), Err(Unknown));
    }
}
