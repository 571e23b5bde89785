//! No tokens make the macros panic. Without an error, the expansion of the attribute parses as
//! items, and that of `policy!` as an expression. With an error, the item is unchanged.
#![no_main]
#![allow(dead_code, reason = "the macros themselves are not included")]

#[path = "../../cors-macros/src/check/mod.rs"]
mod check;
#[path = "../../cors-macros/src/checked.rs"]
mod checked;
#[path = "../../cors-macros/src/documentation.rs"]
mod documentation;
#[path = "../../cors-macros/src/entry.rs"]
mod entry;
#[path = "../../cors-macros/src/errors.rs"]
mod errors;
#[path = "../../cors-macros/src/expand/mod.rs"]
mod expand;
#[path = "../../cors-macros/src/expected.rs"]
mod expected;
#[path = "../../cors-macros/src/fallback.rs"]
mod fallback;
#[path = "../../cors-macros/src/handler.rs"]
mod handler;
#[path = "../../cors-macros/src/keys.rs"]
mod keys;
#[path = "../../cors-macros/src/lists.rs"]
mod lists;
#[path = "../../cors-macros/src/parse.rs"]
mod parse;
#[path = "../../cors-macros/src/routes.rs"]
mod routes;
#[path = "../../cors-macros/src/tokens.rs"]
mod tokens;
#[path = "../../cors-macros/src/values.rs"]
mod values;
#[path = "../../cors-macros/src/written.rs"]
mod written;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::handler::Mode;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    mode: u8,
    attribute: Vec<Token<'a>>,
    item: Item<'a>,
}

#[derive(Arbitrary, Debug)]
enum Item<'a> {
    Of(u8),
    Attributes(Vec<Token<'a>>, u8),
    Any(Vec<Token<'a>>),
}

#[derive(Arbitrary, Debug)]
enum Token<'a> {
    /// `key = value,`.
    Key(u8, Box<Token<'a>>),
    /// `name(..)`.
    Call(u8, Vec<Token<'a>>),
    List(Vec<Element<'a>>),
    Word(u8),
    Text(&'a str),
    Https(&'a str),
    Number(u64),
    Punct(u8),
    Group(u8, Vec<Token<'a>>),
    Source(&'a str),
}

/// A token and a comma.
#[derive(Arbitrary, Debug)]
struct Element<'a>(Token<'a>);

const WORDS: [&str; 40] = [
    "origins",
    "methods",
    "headers",
    "expose",
    "credentials",
    "max_age",
    "enforce",
    "hosts",
    "policy",
    "disabled",
    "allow",
    "regex",
    "ask",
    "true",
    "false",
    "GET",
    "PUT",
    "patch",
    "self",
    "super",
    "LIST",
    "env",
    "concat",
    "insecure_origin",
    "public_suffix",
    "loose_regex",
    "missing_content_type",
    "allow_origin",
    "none",
    "get",
    "route",
    "routes",
    "utoipa",
    "path",
    "async",
    "fn",
    "pub",
    "unsafe",
    "impl",
    "dyn",
];

const ITEMS: [&str; 12] = [
    "async fn list() -> &'static str { \"items\" }",
    "pub(crate) async fn list<T: Store>(State(db): State<T>, mut page: Query<Page>, _: Permit) \
     -> Result<impl IntoResponse, Error> where T: Clone { Ok(1) }",
    "#[get(\"/items/{id}\", name = \"items\")] async fn list(id: web::Path<u32>) -> String { x }",
    "#[routes] #[options(\"/one\")] #[put(\"/two\")] async fn both() -> &'static str { \"both\" }",
    "async fn handle(state: Arc<App>, mut request: Request<Incoming>) \
     -> Result<Response<Full<Bytes>>, Error> { request }",
    "fn handle(Wrapped(request): Wrapped<Request<()>>) -> Response<String> { x }",
    "async fn create(Json(name): Json<String>) -> String { name }",
    "#[utoipa::path(get, path = \"/items/{id}\")] async fn show(Path(id): Path<u32>) { }",
    "#[route(\"/a\", method = \"GET\", method = \"PUT\")] async fn list() { #![allow(x)] }",
    "struct NotAFunction;",
    "impl App { async fn f(&self) {} }",
    "async fn f();",
];

const PUNCTS: &[u8] = b",=:;!#&*<>.-?'|+";

fn pick<T: Copy>(list: &[T], index: u8) -> T {
    list[usize::from(index) % list.len()]
}

fn word(index: u8) -> TokenTree {
    Ident::new(pick(&WORDS, index), Span::call_site()).into()
}

fn group(delimiter: Delimiter, tokens: impl IntoIterator<Item = TokenTree>) -> TokenTree {
    Group::new(delimiter, tokens.into_iter().collect()).into()
}

fn punct(punct: u8) -> TokenTree {
    let joins = if punct == b'\'' {
        Spacing::Joint
    } else {
        Spacing::Alone
    };
    Punct::new(punct.into(), joins).into()
}

fn stream(tokens: &[Token<'_>]) -> TokenStream {
    tokens.iter().flat_map(|token| token.trees(0)).collect()
}

impl Token<'_> {
    fn trees(&self, depth: usize) -> Vec<TokenTree> {
        let inner = |tokens: &[Self]| -> Vec<_> {
            tokens
                .iter()
                .flat_map(|token| token.trees(depth + 1))
                .collect()
        };
        // Deeper groups overflow the stack of rustc, too.
        if depth > 30 {
            return Vec::new();
        }
        match self {
            Self::Key(key, value) => {
                let mut trees = vec![word(*key), punct(b'=')];
                trees.extend(value.trees(depth + 1));
                trees.push(punct(b','));
                trees
            }
            Self::Call(name, tokens) => {
                vec![word(*name), group(Delimiter::Parenthesis, inner(tokens))]
            }
            Self::List(elements) => {
                let elements = elements.iter().flat_map(|Element(token)| {
                    let mut trees = token.trees(depth + 1);
                    trees.push(punct(b','));
                    trees
                });
                vec![group(Delimiter::Bracket, elements)]
            }
            Self::Word(index) => vec![word(*index)],
            Self::Text(text) => vec![Literal::string(text).into()],
            Self::Https(text) => vec![Literal::string(&format!("https://{text}")).into()],
            Self::Number(number) => vec![Literal::u64_unsuffixed(*number).into()],
            Self::Punct(index) => vec![punct(pick(PUNCTS, *index))],
            Self::Group(delimiter, tokens) => {
                let delimiters = [
                    Delimiter::None,
                    Delimiter::Brace,
                    Delimiter::Bracket,
                    Delimiter::Parenthesis,
                ];
                vec![group(pick(&delimiters, *delimiter), inner(tokens))]
            }
            Self::Source(source) => {
                let parsed: Result<TokenStream, _> = source.parse();
                parsed.into_iter().flatten().collect()
            }
        }
    }
}

impl Item<'_> {
    fn stream(&self) -> TokenStream {
        let item = |index| pick(&ITEMS, index).parse::<TokenStream>().expect("tokens");
        match self {
            Self::Of(index) => item(*index),
            Self::Attributes(tokens, index) => {
                let attribute = [punct(b'#'), group(Delimiter::Bracket, stream(tokens))];
                attribute.into_iter().chain(item(*index)).collect()
            }
            Self::Any(tokens) => stream(tokens),
        }
    }
}

fuzz_target!(|input: Input<'_>| {
    let mode = pick(&[Mode::ActixWeb, Mode::Axum, Mode::Http], input.mode);
    let (attribute, item) = (stream(&input.attribute), input.item.stream());
    let expansion = entry::expand_attribute(mode, attribute.clone(), &item);
    let text = expansion.to_string();
    if !text.contains("compile_error") {
        syn::parse2::<syn::File>(expansion).expect("items");
    } else if text.starts_with(":: core :: compile_error") {
        assert!(text.ends_with(&item.to_string()), "{text}");
    }
    let policy = entry::expand_policy(attribute);
    syn::parse2::<syn::Expr>(policy).expect("an expression");
});
