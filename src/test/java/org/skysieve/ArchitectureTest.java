package org.skysieve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The map of the house. Each room names the rooms it may import; a room can only name rooms that stand above it in the
 * list, so a cycle cannot be written. Change the map where the code teaches better, with a line in docs/decisions/.
 */
class ArchitectureTest {
    private static final String ROOT = "org.skysieve.";

    private static final Map<String, Set<String>> MAP = map();
    private static JavaClasses classes = new ClassFileImporter().importClasses();

    private static Map<String, Set<String>> map() {
        Rooms rooms = new Rooms();
        rooms.add("engine.math");
        rooms.add("engine.image", "engine.math");
        rooms.add("engine.lightcurve", "engine.math");
        rooms.add("engine.context");
        rooms.add("engine.alert", "engine.math", "engine.image", "engine.lightcurve", "engine.context");
        rooms.add("engine.consensus", "engine.math");
        rooms.add("engine.learn", "engine.math", "engine.image", "engine.lightcurve");
        rooms.add("engine.select", "engine.math");
        rooms.add(
                "engine.simulate",
                "engine.math",
                "engine.image",
                "engine.lightcurve",
                "engine.context",
                "engine.alert",
                "engine.consensus");
        rooms.add("platform");
        rooms.add("account", "platform");
        rooms.add("project", "platform", "account", "engine.select");
        rooms.addAbove("candidate", "project", "engine.image", "engine.lightcurve", "engine.context", "engine.alert");
        rooms.addAbove("ingest", "candidate", "engine.alert");
        rooms.addAbove("classification", "candidate");
        rooms.addAbove("consensus", "classification", "engine.math", "engine.consensus");
        rooms.addAbove("model", "consensus", "engine.learn", "engine.simulate");
        rooms.addAbove("score", "model", "engine.learn");
        rooms.addAbove("selection", "score", "engine.select", "engine.consensus");
        rooms.addAbove("export", "selection");
        rooms.addAbove("talk", "candidate");
        rooms.addAbove("learning", "consensus", "engine.math");
        rooms.addAbove("outcome", "consensus");
        rooms.addAbove("notification", "talk", "outcome", "engine.image");
        rooms.addAbove("effort", "consensus", "engine.math", "engine.consensus");
        rooms.addAbove("collection", "candidate");
        rooms.addAbove(
                "web",
                "export",
                "talk",
                "learning",
                "outcome",
                "notification",
                "effort",
                "collection",
                "ingest",
                "engine.simulate",
                "engine.learn");
        rooms.addAbove("cli", "web", "engine.consensus");
        return rooms.map;
    }

    /** Collects the map; refuses a room that names one which is not there yet. */
    private static final class Rooms {
        final Map<String, Set<String>> map = new LinkedHashMap<>();

        void add(String room, String... mayImport) {
            for (String other : mayImport) {
                if (!map.containsKey(other)) {
                    throw new IllegalArgumentException(room + " names " + other + ", which is not declared above it");
                }
            }
            if (map.put(room, Set.of(mayImport)) != null) {
                throw new IllegalArgumentException(room + " is declared twice");
            }
        }

        /** As {@link #add}, and all that the named application rooms may import themselves. */
        void addAbove(String room, String... mayImport) {
            Set<String> all = new LinkedHashSet<>();
            for (String other : mayImport) {
                all.add(other);
                if (!other.startsWith("engine.")) {
                    all.addAll(Optional.ofNullable(map.get(other))
                            .orElseThrow(() -> new IllegalArgumentException(
                                    room + " names " + other + ", which is not declared above it")));
                }
            }
            add(room, all.toArray(String[]::new));
        }
    }

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.skysieve");
        assertThat(classes).hasSizeGreaterThan(20);
    }

    @Test
    void everyClassLivesInARoom() {
        List<String> homeless = classes.stream()
                .filter(type -> room(type).isEmpty())
                .map(JavaClass::getName)
                .toList();

        assertThat(homeless).isEmpty();
    }

    @Test
    void roomsImportOnlyWhatTheMapAllows() {
        List<String> against = new ArrayList<>();
        for (JavaClass type : classes) {
            String from = room(type).orElse("?");
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                Optional<String> to = room(dependency.getTargetClass());
                if (to.isPresent()
                        && !to.get().equals(from)
                        && !MAP.getOrDefault(from, Set.of()).contains(to.get())) {
                    against.add(from + " -> " + to.get() + ": " + dependency.getDescription());
                }
            }
        }

        assertThat(against).isEmpty();
    }

    @Test
    void theEngineKnowsNoFramework() {
        classes()
                .that()
                .resideInAPackage("org.skysieve.engine..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.imageio..",
                        "org.skysieve.engine..",
                        "org.jspecify.annotations..",
                        "org.apache.avro..",
                        "org.apache.commons.compress..",
                        "nom.tam..",
                        "org.hipparchus..",
                        "ai.djl..",
                        "ai.onnxruntime..")
                .check(classes);
    }

    @Test
    void libtorchIsLoadedByTheWorkerAlone() {
        // NetWorker is only ever started as a process of its own: the server never has libtorch in its memory.
        noClasses()
                .that()
                .doNotHaveSimpleName("TorchGradient")
                .and(describe("are not inside it", type -> !type.getName().contains("TorchGradient$")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .check(classes);
        noClasses()
                .that(describe(
                        "are not the worker", type -> !type.getSimpleName().equals("NetWorker")))
                .and(describe("are not itself", type -> !type.getName().contains("TorchGradient")))
                .should()
                .dependOnClassesThat()
                .haveSimpleName("TorchGradient")
                .check(classes);
    }

    @Test
    void theEngineDoesNoNetworkAndNoSql() {
        noClasses()
                .that()
                .resideInAPackage("org.skysieve.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "java.net.http..")
                .check(classes);
    }

    @Test
    void noPackageCycleAtAnyDepth() {
        SlicesRuleDefinition.slices()
                .matching("org.skysieve.(**)")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void noClassReadsTheGlobalRandomness() {
        noClasses()
                .should()
                .callMethodWhere(describe(
                        "is Math.random()",
                        call -> call.getTarget().getOwner().isEquivalentTo(Math.class)
                                && call.getName().equals("random")))
                .check(classes);
    }

    private static Optional<String> room(JavaClass type) {
        String name = type.getPackageName() + ".";
        if (!name.startsWith(ROOT)) {
            return Optional.empty();
        }
        return MAP.keySet().stream()
                .filter(room -> name.startsWith(ROOT + room + "."))
                .findFirst();
    }
}
