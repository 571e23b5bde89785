/// Lists the items.
#[doc = "\n| CORS policy | |\n|---|---|\n| origins | `https://app.example.com`, `https://*.preview.example.com`, `http://localhost:*` |\n| methods | `GET` |\n| headers | `X-Token` |\n| expose | `x-total-count`, `link` |\n| credentials | yes |\n| max age | 600 s |\n| enforce | no |\n| hosts | any |"]
pub(crate) fn list<T: Store>(
    __cors_0: State<T>,
    page: Query<Page>,
    __cors_2: Permit,
) -> impl ::cors_runtime::axum::MountWithCorsRouting<
    Output = Result<impl IntoResponse, Error>,
    IntoFuture: ::core::marker::Send,
>
where
    T: Clone,
{
    enum __CorsPolicy {}
    impl ::cors_runtime::__private::HasPolicy for __CorsPolicy {
        const HANDLER: &'static str = ::core::concat!(
            ::core::module_path!(), "::", ::core::stringify!(list)
        );
        const WANTS_CONTENT_TYPE: bool = false;
        fn policy() -> &'static ::cors_runtime::Policy {
            {
                static __CORS_POLICY: ::cors_runtime::Policy = ::cors_runtime::__private::policy(
                    ::core::concat!(::core::file!(), ":", ::core::line!()),
                    ::cors_runtime::__private::origins(
                        &["https://app.example.com"],
                        &[
                            ::cors_runtime::__private::pattern(
                                "https",
                                true,
                                "preview.example.com",
                                "",
                            ),
                            ::cors_runtime::__private::pattern(
                                "http",
                                false,
                                "localhost",
                                "*",
                            ),
                        ],
                    ),
                    ::cors_runtime::__private::methods(&["GET"], "GET"),
                    ::cors_runtime::__private::headers(&["x-token"], "x-token"),
                    "x-total-count, link",
                    true,
                    "600",
                    false,
                );
                &__CORS_POLICY
            }
        }
    }
    ::cors_runtime::__private::axum::annotate::<
        __CorsPolicy,
        _,
    >(async move {
        if false {
            return ::cors_runtime::__private::never::<Result<_, Error>>();
        }
        let __cors_0 = __cors_0;
        let State(db) = __cors_0;
        #[allow(
            clippy::no_effect_underscore_binding,
            clippy::shadow_same,
            clippy::used_underscore_binding
        )]
        let mut page = page;
        let __cors_2 = __cors_2;
        page.clamp();
        Ok(Json(db.items(page).await?))
    })
}
