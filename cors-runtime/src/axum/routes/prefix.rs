//! The prefix of a nested router, and which paths are below it.

use std::cmp::Reverse;

/// A prefix, taken apart. In their order those come first that tell more of a path, as in axum's
/// own matcher. That one cannot be asked: it has no place for `/{tenant}` beside a fallback of the
/// router around it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Prefix(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Static(String),
    /// What stands in front of it in the same segment, as in `v{version}`; the longer the better.
    Parameter(Reverse<usize>, String),
    /// The slash at the end of a prefix: something has to follow, be it empty.
    Slash,
    /// The end of every prefix: longer ones come before it.
    End,
}

impl Prefix {
    pub(crate) fn new(prefix: &str) -> Self {
        let (path, slash) = match prefix.strip_suffix('/') {
            // The root has no segment, and everything is below it.
            Some("") => return Self(vec![Segment::End]),
            Some(path) => (path, Some(Segment::Slash)),
            None => (prefix, None),
        };
        let segments = path.split('/').skip(1).map(Segment::new);
        Self(segments.chain(slash).chain([Segment::End]).collect())
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        // What CONNECT names is no path.
        let Some(path) = path.strip_prefix('/') else {
            return false;
        };
        let mut segments = path.split('/');
        self.0.iter().all(|own| match own {
            Segment::Slash => segments.clone().next().is_some(),
            Segment::End => true,
            own => segments.next().is_some_and(|it| own.matches(it)),
        })
    }

    /// Whether all that is below `inner` is below this one.
    pub(crate) fn is_around(&self, inner: &Self) -> bool {
        self.0.iter().enumerate().all(|(place, own)| match own {
            Segment::Slash => place < inner.0.len() - 1,
            Segment::End => true,
            own => inner.0.get(place).is_some_and(|inner| own.is_around(inner)),
        })
    }
}

impl Segment {
    fn new(segment: &str) -> Self {
        // `{{` and `}}` stand for themselves.
        let literal = |text: &str| text.replace("{{", "{").replace("}}", "}");
        let parameter = segment.ends_with('}') && !segment.ends_with("}}");
        match segment.rsplit_once('{').filter(|_| parameter) {
            Some((head, _)) => {
                let head = literal(head);
                Self::Parameter(Reverse(head.len()), head)
            }
            None => Self::Static(literal(segment)),
        }
    }

    fn matches(&self, segment: &str) -> bool {
        match self {
            Self::Static(text) => text == segment,
            Self::Parameter(_, head) => {
                let value = segment.strip_prefix(head.as_str());
                value.is_some_and(|value| !value.is_empty())
            }
            Self::Slash | Self::End => false,
        }
    }

    fn is_around(&self, inner: &Self) -> bool {
        match inner {
            Self::Static(text) => self.matches(text),
            inner => self == inner,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Prefix;

    /// The most telling of the prefixes that the path is below.
    fn first<'a>(prefixes: &[&'a str], path: &str) -> Option<&'a str> {
        let mut prefixes: Vec<_> = prefixes.iter().map(|it| (Prefix::new(it), *it)).collect();
        prefixes.sort();
        let mut prefixes = prefixes.into_iter();
        Some(prefixes.find(|(prefix, _)| prefix.matches(path))?.1)
    }

    #[test]
    fn what_tells_more_comes_first() {
        let all = [
            "/",
            "/{a}",
            "/api",
            "/api/v{n}",
            "/api/{n}",
            "/api/{n}/x",
            "/api/v1",
        ];
        for (path, expected) in [
            ("/", "/"),
            ("//", "/"),
            ("/x", "/{a}"),
            ("/x/y/z", "/{a}"),
            ("/api", "/api"),
            ("/api/", "/api"),
            ("/api/v1", "/api/v1"),
            ("/api/v1/x", "/api/v1"),
            ("/api/v2", "/api/v{n}"),
            ("/api/v", "/api/{n}"),
            ("/api/2/x/y", "/api/{n}/x"),
        ] {
            assert_eq!(first(&all, path), Some(expected), "{path}");
        }
    }

    #[test]
    fn only_whole_segments_are_below() {
        for path in ["/", "/ap", "/apix", "/API", "/%61pi", "//api", "", "*"] {
            assert_eq!(first(&["/api"], path), None, "{path}");
        }
        assert_eq!(first(&["/"], ""), None);
        assert_eq!(first(&["/api/"], "/api"), None);
        assert_eq!(first(&["/api/"], "/api/"), Some("/api/"));
        assert_eq!(first(&["/api", "/api/"], "/api/x"), Some("/api/"));
        assert_eq!(first(&["/{{x}}"], "/{x}/y"), Some("/{{x}}"));
        assert_eq!(first(&["/{{x}}"], "/z/y"), None);
    }

    #[test]
    fn a_prefix_is_around_what_it_matches_always() {
        for (outer, inner, expected) in [
            ("/", "/api", true),
            ("/api", "/api", true),
            ("/api", "/api/v1", true),
            ("/api", "/apix", false),
            ("/{a}", "/api/v1", true),
            ("/{a}", "/{b}", true),
            ("/api", "/{a}", false),
            ("/api/", "/api", false),
            ("/api/", "/api/v1", true),
            ("/api", "/api/", true),
            ("/api/v1", "/api", false),
        ] {
            let around = Prefix::new(outer).is_around(&Prefix::new(inner));
            assert_eq!(around, expected, "{outer} around {inner}");
        }
    }
}
