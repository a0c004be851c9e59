package dev.landfall.wire.model;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * The wire description of one SDK model class: its members and how to build one. Immutable; one per class, made on
 * first use and kept.
 */
public final class Shape {
    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return new Shape(type);
        }
    };

    private final Class<?> type;
    private final MethodHandle newBuilder;
    private final Member[] members;
    private final Member[] bodyMembers;
    private final Map<String, Member> byLocationName = new HashMap<>();
    private final Map<String, Member> byMemberName = new HashMap<>();
    private final Member payload;

    private Shape(Class<?> type) {
        this.type = type;
        newBuilder = builderOf(type);
        List<Member> found = new ArrayList<>();
        for (SdkField<?> field : builder().sdkFields()) {
            found.add(new Member(field));
        }
        members = found.toArray(Member[]::new);
        bodyMembers = found.stream()
                .filter(member -> member.location() == MarshallLocation.PAYLOAD)
                .toArray(Member[]::new);
        for (Member member : bodyMembers) {
            byLocationName.put(member.locationName(), member);
            byMemberName.put(member.memberName(), member);
        }
        payload = found.stream().filter(Member::isPayload).findFirst().orElse(null);
    }

    /** The shape of an SDK model class; a builder's implementation class stands for the class it builds. */
    public static Shape of(Class<?> type) {
        return SHAPES.get(type.getEnclosingClass() == null ? type : type.getEnclosingClass());
    }

    private static MethodHandle builderOf(Class<?> type) {
        try {
            Method builder = type.getDeclaredMethod("builder");
            builder.setAccessible(true);
            MethodHandle handle = MethodHandles.lookup().unreflect(builder);
            return handle.asType(handle.type().changeReturnType(Object.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName() + " is no SDK model class", e);
        }
    }

    public SdkPojo builder() {
        try {
            return (SdkPojo) (Object) newBuilder.invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    public static SdkPojo build(SdkPojo builder) {
        return (SdkPojo) ((Buildable) builder).build();
    }

    public Class<?> type() {
        return type;
    }

    /** All members, in the model's order. The array is shared: read only. */
    public Member[] members() {
        return members;
    }

    /** The members that travel in the body. The array is shared: read only. */
    public Member[] bodyMembers() {
        return bodyMembers;
    }

    /** The body member of that name, or {@code null}. */
    public Member bodyMember(String name, boolean ofModel) {
        return (ofModel ? byMemberName : byLocationName).get(name);
    }

    /** The member that alone is the body, or {@code null}. */
    public Member payload() {
        return payload;
    }
}
