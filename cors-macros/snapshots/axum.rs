/// Lists the items.
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
                static __CORS_POLICY: ::cors_runtime::Policy = {
                    use ::cors_runtime::__private as __cors;
                    __cors::policy(__cors::PolicyData {
                        location: ::core::concat!(::core::file!(), ":", ::core::line!()),
                        origins: __cors::Origins::List(__cors::OriginEntries {
                            exact: &["https://app.example.com"],
                            patterns: &[
                                __cors::OriginPattern {
                                    scheme: "https",
                                    subdomains: true,
                                    host: "preview.example.com",
                                    port: __cors::PortPattern::Absent,
                                },
                                __cors::OriginPattern {
                                    scheme: "http",
                                    subdomains: false,
                                    host: "localhost",
                                    port: __cors::PortPattern::Any,
                                },
                            ],
                            regexes: &[],
                            sources: &[],
                            async_sources: &[],
                        }),
                        methods: __cors::Methods::List {
                            names: &["GET"],
                            joined: "GET",
                        },
                        headers: __cors::Headers::List {
                            names: &["x-token"],
                            joined: "x-token",
                        },
                        expose: ::core::option::Option::Some("x-total-count, link"),
                        credentials: true,
                        max_age: ::core::option::Option::Some("600"),
                        enforce: false,
                    })
                };
                &__CORS_POLICY
            }
        }
    }
    ::cors_runtime::__private::axum::annotate::<
        __CorsPolicy,
        _,
    >(async move {
        #[allow(
            unknown_lints,
            unreachable_code,
            clippy::diverging_sub_expression,
            clippy::empty_loop,
            clippy::let_unit_value,
            clippy::let_with_type_underscore,
            clippy::needless_return,
            clippy::unreachable
        )]
        if false {
            let __cors_return: Result<_, Error> = loop {};
            return __cors_return;
        }
        let __cors_0 = __cors_0;
        let State(db) = __cors_0;
        #[allow(clippy::shadow_same, clippy::used_underscore_binding)]
        let mut page = page;
        let __cors_2 = __cors_2;
        page.clamp();
        Ok(Json(db.items(page).await?))
    })
}
