.DEFAULT_GOAL := help
PY := .venv/bin/python

.PHONY: help
help: ## what each command does
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'
