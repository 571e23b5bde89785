//! Compares expansions with the files in `snapshots/`.
//!
//! To update the files, run `UPDATE_EXPECT=1 cargo test -p cors-macros`.

use expect_test::{ExpectFile, expect_file};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use crate::entry::expand_attribute;
use crate::handler::Mode;

fn check(mode: Mode, attribute: TokenStream, item: &TokenStream, expected: &ExpectFile) {
    let expansion = expand_attribute(mode, attribute, item);
    let file = syn::parse2(expansion).expect("an expansion is a file of items");
    expected.assert_eq(&prettyplease::unparse(&file));
}

/// Returns the messages of the errors.
fn errors_of(mode: Mode, attribute: TokenStream, item: &TokenStream) -> Vec<String> {
    let expansion = expand_attribute(mode, attribute, item).to_string();
    let messages = expansion.split("compile_error ! {").skip(1);
    messages
        .map(|rest| rest.split('}').next().unwrap_or(rest).trim().to_owned())
        .collect()
}

#[test]
fn axum_handler() {
    check(
        Mode::Axum,
        quote! {
            origins = [
                "https://app.example.com",
                "https://*.preview.example.com",
                "http://localhost:*",
            ],
            methods = [GET],
            headers = ["X-Token"],
            expose = ["x-total-count", "link"],
            max_age = "10m",
            credentials,
        },
        &quote! {
            /// Lists the items.
            pub(crate) async fn list<T: Store>(
                State(db): State<T>,
                mut page: Query<Page>,
                _: Permit,
            ) -> Result<impl IntoResponse, Error>
            where
                T: Clone,
            {
                page.clamp();
                Ok(Json(db.items(page).await?))
            }
        },
        &expect_file!["../snapshots/axum.rs"],
    );
}

#[test]
fn utoipa_path_below() {
    check(
        Mode::Axum,
        quote!(origins = "*", crate = crate::cors_runtime),
        &quote! {
            /// Shows an item.
            #[utoipa::path(get, path = "/items/{id}")]
            #[debug_handler]
            async fn show(Path(id): Path<u32>) -> String {
                id.to_string()
            }
        },
        &expect_file!["../snapshots/utoipa_path_below.rs"],
    );
}

#[test]
fn actix_web_route() {
    check(
        Mode::ActixWeb,
        quote!(origins = ["https://app.example.com"]),
        &quote! {
            /// Lists the items.
            #[get("/items/{id}", name = "items", guard = "by_host", wrap = "Compress::default()",)]
            #[tracing::instrument]
            pub(crate) async fn list(id: web::Path<u32>) -> Result<impl Responder, Error> {
                Ok(id.to_string())
            }
        },
        &expect_file!["../snapshots/actix_web.rs"],
    );
}

#[test]
fn actix_web_routes() {
    check(
        Mode::ActixWeb,
        quote!(policy = crate::SHARED, crate = crate::reexported),
        &quote! {
            #[cfg(unix)]
            #[routes]
            #[options("/one")]
            #[put("/two")]
            async fn both() -> &'static str {
                "both"
            }
        },
        &expect_file!["../snapshots/actix_web_routes.rs"],
    );
}

#[test]
fn actix_web_function() {
    check(
        Mode::ActixWeb,
        quote!(origins = "*"),
        &quote! {
            pub async fn list(_: web::Data<Db>, mut page: web::Query<Page>) -> impl Responder {
                page.clamp();
                format!("{page:?}")
            }
        },
        &expect_file!["../snapshots/actix_web_function.rs"],
    );
}

#[test]
fn http_function() {
    check(
        Mode::Http,
        quote!(origins = "*", headers = ["*", "Authorization"]),
        &quote! {
            async fn handle(
                state: Arc<App>,
                mut request: Request<Incoming>,
            ) -> Result<Response<Full<Bytes>>, Error> {
                request.headers_mut().remove("x-internal");
                state.serve(request).await
            }
        },
        &expect_file!["../snapshots/http.rs"],
    );
}

#[test]
fn http_function_that_is_not_async() {
    check(
        Mode::Http,
        quote!(
            origins = ["https://app.example.com"],
            max_age = 0,
            crate = crate::reexported
        ),
        &quote! {
            fn handle(Wrapped(request): Wrapped<Request<()>>) -> Response<String> {
                Response::new(request.uri().to_string())
            }
        },
        &expect_file!["../snapshots/http_sync.rs"],
    );
}

#[test]
fn disabled_handler() {
    check(
        Mode::Http,
        quote!(disabled),
        &quote! {
            fn handle(request: Request<()>) -> Response<String> {
                Response::default()
            }
        },
        &expect_file!["../snapshots/disabled.rs"],
    );
}

#[test]
fn errors_of_the_attribute_and_of_the_item_are_reported_together() {
    let attribute = quote!(orgins = ["x"], credentials = 7, max_age = "1d", headers = [], ,);
    let found = errors_of(
        Mode::Axum,
        attribute,
        &quote!(
            fn list() {}
        ),
    );
    assert_eq!(found.len(), 6, "{found:#?}");
}

#[test]
fn invalid_input_leaves_the_item_unchanged() {
    let item = quote!(
        async fn list() -> &'static str {
            "items"
        }
    );
    let expansion = expand_attribute(Mode::Axum, quote!(origins = ["x"]), &item).to_string();
    assert!(expansion.ends_with(&item.to_string()), "{expansion}");
}

#[test]
fn an_attribute_that_is_named_like_a_route_macro() {
    let is_error = |item: TokenStream| {
        let expansion = expand_attribute(Mode::Axum, quote!(origins = "*"), &item);
        expansion.to_string().contains("compile_error")
    };
    assert!(is_error(quote!(
        #[get("/items")]
        async fn list() {}
    )));
    assert!(!is_error(quote!(
        #[fastrace::trace]
        async fn list() {}
    )));
    assert!(!is_error(quote!(
        #[trace(name = "list")]
        async fn list() {}
    )));
    assert!(!is_error(quote!(
        #[query("list")]
        async fn list() {}
    )));
}

#[test]
fn an_item_that_is_not_a_function_is_unchanged() {
    let item = quote!(
        struct List;
    );
    let expansion = expand_attribute(Mode::Http, quote!(origins = "*"), &item).to_string();
    assert!(expansion.contains("expected a function"), "{expansion}");
    assert!(expansion.ends_with(&item.to_string()), "{expansion}");
}

/// Returns the docs of the expansion.
fn docs(mode: Mode, attribute: TokenStream, item: &TokenStream) -> String {
    let file = syn::parse2::<syn::File>(expand_attribute(mode, attribute, item));
    let file = file.expect("an expansion is a file of items");
    let attrs = match &file.items[0] {
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        other => panic!("expected a handler, found {}", other.to_token_stream()),
    };
    let lines = attrs.iter().filter_map(|attribute| {
        let value = attribute.meta.require_name_value().ok()?;
        Some(
            syn::parse2::<syn::LitStr>(value.value.to_token_stream())
                .ok()?
                .value(),
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_policy_is_in_the_docs() {
    let list = quote! {
        /// Lists the items.
        async fn list() {}
    };
    let attribute = quote!(
        origins = [
            "https://app.example.com",
            regex(r"https://(a|b`)\.example\.com"),
            by_tenant
        ],
        methods = [GET, "PUT"],
        credentials,
        max_age = "10m",
    );
    let expected = " Lists the items.

| CORS policy | |
|---|---|
| origins | `https://app.example.com`, `` regex(https://(a\\|b`)\\.example\\.com) ``, `by_tenant` |
| methods | `GET`, `PUT` |
| headers | safelisted |
| expose | safelisted |
| credentials | yes |
| max age | 600 s |
| enforce | no |
| hosts | any |";
    if cfg!(feature = "regex") {
        assert_eq!(docs(Mode::Axum, attribute, &list), expected);
    }
    let shared = docs(Mode::Axum, quote!(policy = crate::SHARED), &list);
    assert_eq!(shared, " Lists the items.\n\nCORS policy: `crate::SHARED`.");
    let disabled = docs(
        Mode::Http,
        quote!(disabled),
        &quote!(
            async fn f(_: Request<()>) {}
        ),
    );
    assert_eq!(disabled, "\nCORS policy: disabled.");
}

#[test]
fn the_docs_stay_for_a_macro_that_may_read_them() {
    let described = |item: &TokenStream, mode| docs(mode, quote!(origins = "*"), item);
    let path = quote! {
        /// Lists the items.
        #[utoipa::path(get, path = "/items")]
        async fn list() {}
    };
    assert_eq!(described(&path, Mode::Axum), " Lists the items.");
    let conditional = quote! {
        #[cfg_attr(feature = "openapi", utoipa::path(get, path = "/items"))]
        async fn list() {}
    };
    assert_eq!(described(&conditional, Mode::Axum), "");
    let route = quote! {
        #[get("/items")]
        async fn list() -> String {}
    };
    assert!(described(&route, Mode::ActixWeb).contains("| origins | `*` |"));
    let debug = quote! {
        #[axum::debug_handler]
        async fn list() {}
    };
    assert!(described(&debug, Mode::Axum).contains("| origins | `*` |"));
}
