.PHONY: build test lint fmt bench verify

build:
	mvn -B -q -DskipTests package

test:
	mvn -B test

verify:
	mvn -B verify

lint:
	mvn -B -q spotless:check test-compile

fmt:
	mvn -B -q spotless:apply

bench:
	@for each in bench/*; do [ -x "$$each" ] && [ -f "$$each" ] && { echo "== $$each"; "$$each" --quick || exit 1; }; done
